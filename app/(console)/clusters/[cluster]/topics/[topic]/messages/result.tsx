"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { useSubscription } from "@trpc/tanstack-react-query"
import { useEffect, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, plural } from "#app/ui/format.ts"
import { Empty, Failure, Loading, Query } from "#app/ui/states.tsx"
import type { SearchView } from "#server/messages/index.ts"
import { MessageList } from "./list.tsx"
import { Progress } from "./progress.tsx"
import { filePath, type Place, useMessageState } from "./state.ts"

const PAGE = 50

/** A search: how far it is, what it found, and what it did not read. Its address can be shared. */
export function SearchResult({ place, id }: { place: Place; id: string }) {
  const trpc = useTRPC()
  const [, set] = useMessageState()
  const job = { cluster: place.cluster, id }
  // What was said last is kept here: the subscription forgets it when the search, and so the stream, ends.
  const [view, setView] = useState<SearchView | null>(null)
  const followed = useSubscription(trpc.messages.progress.subscriptionOptions(job, { onData: setView }))
  const refused = useRefusal("message.search", place.cluster)
  const resume = useMutation(
    trpc.messages.resume.mutationOptions({
      onSuccess: () => followed.reset(),
    }),
  )
  const stop = useMutation(trpc.messages.stop.mutationOptions())
  if (!view)
    return followed.status === "error" ? (
      <Failure error={followed.error} retry={followed.reset} />
    ) : (
      <Loading />
    )
  const under = view.state === "running" || view.state === "queued"
  const error = resume.error ?? stop.error
  return (
    <section className="panel" aria-label="Search">
      <div className="row">
        <h2 className="grow">
          {VERBS[view.question.match.kind]} <span className="mono wrap">{view.question.match.text}</span>
        </h2>
        {under ? (
          <button
            type="button"
            className="field"
            disabled={refused !== null}
            onClick={() => stop.mutate(job)}
          >
            Stop
          </button>
        ) : (
          !view.complete && (
            <button
              type="button"
              className="field act"
              disabled={refused !== null || resume.isPending}
              title={refused ?? undefined}
              onClick={() => resume.mutate(job)}
            >
              Resume
            </button>
          )
        )}
        <button type="button" className="field" onClick={() => void set({ job: null, msg: null })}>
          Close
        </button>
      </div>
      <Progress view={view} />
      {error && (
        <p className="bad" role="alert">
          {error.message}
        </p>
      )}
      <Found place={place} view={view} />
    </section>
  )
}

const VERBS = { contains: "Contains", pattern: "Matches", expression: "Satisfies" }

function Found({ place, view }: { place: Place; view: SearchView }) {
  const trpc = useTRPC()
  const [page, setPage] = useState(1)
  const input = { cluster: place.cluster, id: view.id, page, pageSize: PAGE }
  // Asked again as more is found, while there is room on the page; what is shown stays meanwhile.
  const known = Math.min(view.matched, page * PAGE)
  const asked = trpc.messages.matches.queryOptions(input, {
    placeholderData: (before) => before,
    enabled: view.matched > 0,
  })
  const found = useQuery(asked)
  const { refetch } = found
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when more is known to be there.
  useEffect(() => void refetch(), [known])
  if (view.matched === 0) return <Empty>{nothingYet(view)}</Empty>
  const of = { kind: "search", id: view.id }
  return (
    <Query of={found}>
      {({ rows, gone, problems }) => (
        <>
          {problems.map((problem) => (
            <p key={problem} className="warn">
              {problem}
            </p>
          ))}
          {gone.length > 0 && (
            <p className="warn">
              {plural(gone.length, "message was", "messages were")} found but deleted since.
            </p>
          )}
          <MessageList place={place} rows={rows} />
          <div className="row after">
            <button type="button" className="field" disabled={page <= 1} onClick={() => setPage(page - 1)}>
              Previous
            </button>
            <span className="quiet">
              {count((page - 1) * PAGE + 1)}–{count(Math.min(view.matched, page * PAGE))} of{" "}
              {count(view.matched)}
            </span>
            <button
              type="button"
              className="field"
              disabled={page * PAGE >= view.matched}
              onClick={() => setPage(page + 1)}
            >
              Next
            </button>
            <span className="grow" />
            <a className="field" href={filePath(place, { format: "jsonl", of })} download>
              JSON Lines
            </a>
            <a className="field" href={filePath(place, { format: "csv", of })} download>
              CSV
            </a>
          </div>
        </>
      )}
    </Query>
  )
}

/** Never "no messages" for what was not read. */
function nothingYet(view: SearchView): string {
  if (view.complete) return "No message in the whole range: all of it was read."
  if (view.state === "running" || view.state === "queued") return "Nothing found so far."
  return "No matches in the part that was searched. The rest of the range was not searched."
}
