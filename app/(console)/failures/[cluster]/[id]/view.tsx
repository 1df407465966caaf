"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Query } from "#app/ui/states.tsx"
import type { FailureKey } from "./failure-key.ts"
import { Head } from "./head.tsx"
import { Letters } from "./letters.tsx"

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
          <Letters failure={failure} />
        </>
      )}
    </Query>
  )
}
