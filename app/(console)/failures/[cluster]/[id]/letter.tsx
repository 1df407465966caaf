"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { HeaderText } from "#app/(console)/clusters/[cluster]/topics/[topic]/messages/header-text.tsx"
import { MessageTraces } from "#app/(console)/traces/message-traces.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Diff } from "#app/ui/diff.tsx"
import { exact } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"
import { Tabs } from "#app/ui/tabs.tsx"
import type { FailureDetail, LetterView, MessageView } from "#server/failures/index.ts"
import { Jobs } from "./jobs.tsx"
import { type Draft, FRESH, type Picked } from "./order.ts"
import { Part } from "./part.tsx"
import { Replay } from "./replay.tsx"
import { useFailureState } from "./search-params.ts"
import { Stack } from "./stack.tsx"
import { Talk } from "./talk.tsx"

const MAX_HEADER = 400

/** One dead letter in full, how it differs from its original, its fix, and the way to send it and others again. */
export function Letter(props: { failure: FailureDetail; letter: string | undefined; picked: Picked }) {
  const trpc = useTRPC()
  const { failure, letter, picked } = props
  const { cluster } = failure
  const [params, set] = useFailureState()
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({})
  const replayable = useOffered("failure.replay", cluster)
  const query = useQuery({
    ...trpc.failures.letter.queryOptions({ cluster, letter: letter ?? "" }),
    enabled: letter !== undefined,
    // A message never changes; only that it may be deleted.
    staleTime: 60_000,
  })
  const names = {
    difference: "Difference",
    ...(replayable ? { fix: "Fix and replay" } : {}),
    stack: "Stack",
    talk: "Comments and history",
  }
  const tab = params.tab === "fix" && !replayable ? "difference" : params.tab
  return (
    <div className="column failure-letter">
      <Tabs label="Failure" tabs={names} chosen={tab} choose={(one) => void set({ tab: one })} />
      {tab === "stack" && <Stack failure={failure} />}
      {tab === "talk" && (
        <>
          <Jobs failure={failure} />
          <Talk failure={failure} />
        </>
      )}
      {letter !== undefined && (
        <Query of={query}>
          {(view) => (
            <>
              {tab === "difference" && (
                <>
                  <Compare view={view} />
                  <Traces cluster={cluster} view={view} />
                </>
              )}
              {replayable && (
                <Replay
                  {...{ failure, view, picked }}
                  isOpen={tab === "fix"}
                  open={() => void set({ tab: "fix" })}
                  // What was edited stays with its message, whatever is looked at meanwhile.
                  draft={drafts[letter] ?? FRESH}
                  setDraft={(draft) => setDrafts((before) => ({ ...before, [letter]: draft }))}
                />
              )}
            </>
          )}
        </Query>
      )}
    </div>
  )
}

function Compare({ view }: { view: LetterView }) {
  const { dead, original, missing } = view
  return (
    <section className="panel" aria-label="Original and dead letter">
      <h2>Original and dead letter</h2>
      {view.exception.message && (
        <p className="wrap">
          <span className="strong">{view.exception.type ?? "error"}</span>: {view.exception.message}
        </p>
      )}
      {missing.map((sentence) => (
        <p key={sentence} className="warn">
          {sentence}
        </p>
      ))}
      {view.masked && (
        <p className="quiet">Parts of it are masked by rule. They are sent as they are, unseen.</p>
      )}
      <div className="charts">
        {original && <Side title="Original" message={original} />}
        {dead && <Side title="Dead letter" message={dead} />}
      </div>
      {original && dead && (
        <>
          <h3>What differs in the value</h3>
          {original.value.text === dead.value.text && original.value.kind === dead.value.kind ? (
            <p className="quiet">No difference.</p>
          ) : (
            <Diff before={original.value.text} after={dead.value.text} label="Difference of the values" />
          )}
        </>
      )}
      {dead && <Headers dead={dead} original={original} />}
    </section>
  )
}

/** The traces in which the message was sent and failed: of both, since headers are passed on. */
function Traces({ cluster, view: { dead, original } }: { cluster: string; view: LetterView }) {
  const messages = [dead, original].flatMap((message) =>
    message
      ? [
          {
            ...{ destination: message.destination, partition: message.partition, offset: message.offset },
            ...{ at: message.at, headers: message.headers },
          },
        ]
      : [],
  )
  return (
    <section className="panel" aria-label="Traces of the message">
      <MessageTraces cluster={cluster} messages={messages} />
    </section>
  )
}

function Side(props: { title: string; message: MessageView }) {
  const { message } = props
  return (
    <div className="shrinks">
      <h3>{props.title}</h3>
      <p className="quiet wrap">
        {message.destination}, partition {message.partition}, offset {exact(Number(message.offset))}
        {message.at !== null && (
          <>
            , <Moment at={message.at} />
          </>
        )}
      </p>
      <p>
        Key <Part part={message.key} inline />
      </p>
      <Part part={message.value} label={`Value of the ${props.title.toLowerCase()}`} />
    </div>
  )
}

/** Stack traces are shown above; of a header, its beginning will do. */
function shortened(header: MessageView["headers"][number]): MessageView["headers"][number] {
  if (header.text === null || header.text.length <= MAX_HEADER) return header
  return { ...header, text: header.text.slice(0, MAX_HEADER), cut: true }
}

function Headers(props: { dead: MessageView; original: MessageView | null }) {
  const before = new Set(props.original?.headers.map((header) => header.name))
  return (
    <details>
      <summary>{props.dead.headers.length} headers</summary>
      <div className="scroll">
        <table className="grid" aria-label="Headers of the dead letter">
          <thead>
            <tr>
              <th>Header</th>
              <th>Value</th>
              <th>On replay</th>
            </tr>
          </thead>
          <tbody>
            {props.dead.headers.map((header, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and the list never changes
              <tr key={index}>
                <td className="mono wrap">{header.name}</td>
                <td>
                  <HeaderText header={shortened(header)} />
                </td>
                <td className="quiet">
                  {header.own
                    ? "removed"
                    : props.original && !before.has(header.name)
                      ? "kept; not on the original"
                      : "kept"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
