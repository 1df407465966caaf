"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Empty, Problems, Query } from "#app/ui/states.tsx"
import { MessageList } from "./list.tsx"
import { filePath, formatsOf, type Place, partitionsOf, type Start, useMessageState } from "./state.ts"

/** Pages of messages, from where the reader wants to begin. */
export function Browse({ place, start }: { place: Place; start: Start }) {
  const trpc = useTRPC()
  const [state] = useMessageState()
  const partitions = partitionsOf(state)
  const found = useInfiniteQuery(
    trpc.messages.browse.infiniteQueryOptions(
      { ...place, start, partitions, formats: formatsOf(state) },
      {
        getNextPageParam: (page) => page.next,
        refetchOnWindowFocus: false,
        staleTime: Number.POSITIVE_INFINITY,
      },
    ),
  )
  const of = { kind: "range", start, partitions }
  return (
    <Query of={found}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.rows)
        return (
          <>
            <Problems problems={pages.at(-1)?.problems ?? []} />
            <section className="panel" aria-label="Messages read">
              {rows.length === 0 ? (
                <Empty>
                  No message from there on in what could be read. Begin somewhere else, or follow it live.
                </Empty>
              ) : (
                <MessageList place={place} rows={rows} />
              )}
              <div className="row after">
                <button
                  type="button"
                  className="field"
                  disabled={!found.hasNextPage || found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  {found.isFetchingNextPage ? "Reading …" : start.at === "newest" ? "Older" : "Newer"}
                </button>
                <button type="button" className="field" onClick={() => void found.refetch()}>
                  Read again
                </button>
                <span className="grow" />
                <a className="field" href={filePath(place, { format: "jsonl", of })} download>
                  JSON Lines
                </a>
                <a className="field" href={filePath(place, { format: "csv", of })} download>
                  CSV
                </a>
              </div>
            </section>
          </>
        )
      }}
    </Query>
  )
}
