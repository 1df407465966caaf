"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { plural } from "#app/ui/format.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import type { FailureDetail } from "#server/failures/index.ts"
import type { FailureKey } from "./failure-key.ts"
import { Head } from "./head.tsx"
import { Jobs } from "./jobs.tsx"
import { Letters } from "./letters.tsx"
import { TABS, useFailureState } from "./search-params.ts"
import { Talk } from "./talk.tsx"
import { Trend } from "./trend.tsx"

/** One cause of failure: how many, since when, what exactly, and the way to send them again. */
export function FailureView(props: FailureKey) {
  const trpc = useTRPC()
  const query = useQuery(trpc.failures.get.queryOptions(props))
  return (
    <Query of={query}>
      {(failure) => (
        <>
          <Head failure={failure} />
          {failure.problems.length > 0 && (
            <section className="panel" aria-label="Not read">
              <h2 className="warn">Not all dead letters can be read</h2>
              {failure.problems.map((problem) => (
                <p key={problem}>{problem}</p>
              ))}
            </section>
          )}
          <Trend failure={props} />
          <Jobs failure={props} />
          <Tabs failure={failure} />
        </>
      )}
    </Query>
  )
}

function Tabs({ failure }: { failure: FailureDetail }) {
  const [params, set] = useFailureState()
  const names = {
    messages: plural(failure.present, "message", "messages"),
    stack: "Stack",
    talk: "Comments and history",
  }
  return (
    <>
      <nav className="tabs" aria-label="Failure">
        {TABS.map((tab) => (
          <a
            key={tab}
            href={`?tab=${tab}`}
            aria-current={params.tab === tab ? "page" : undefined}
            onClick={(event) => {
              event.preventDefault()
              void set({ tab })
            }}
          >
            {names[tab]}
          </a>
        ))}
      </nav>
      {params.tab === "messages" && <Letters failure={failure} />}
      {params.tab === "stack" && <Stack failure={failure} />}
      {params.tab === "talk" && <Talk failure={failure} />}
    </>
  )
}

function Stack({ failure }: { failure: FailureDetail }) {
  return (
    <section className="panel" aria-label="Stack">
      <h2>Of the latest message</h2>
      {failure.frame && (
        <p>
          Top frame of your own code: <span className="mono wrap">{failure.frame}</span>
        </p>
      )}
      {failure.exampleStack ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
        <section className="block" aria-label="Stack trace" tabIndex={0}>
          <pre className="mono">{failure.exampleStack}</pre>
        </section>
      ) : (
        <Empty>The dead letters carry no stack trace.</Empty>
      )}
    </section>
  )
}
