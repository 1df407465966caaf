"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useEffect, useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { count, latency, moment, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { Hit } from "#server/traces/index.ts"
import { KINDS } from "#server/traces/kinds.ts"
import { tracePath } from "../paths.ts"
import type { Order } from "./search-params.ts"

const PAGE_SIZE = 20

interface HitsProps {
  q: string
  order: Order
  from: number
  to: number
}

/**
 * Spans that match, within the range as it was when it was searched: a search is of one moment. An answer may hold fewer than were asked for: it is asked on until a page
 * is full, or stopped.
 */
export function Hits(props: HitsProps) {
  const trpc = useTRPC()
  const [asked] = useState(props)
  const [wanted, setWanted] = useState(PAGE_SIZE)
  const found = useInfiniteQuery(
    trpc.traces.search.infiniteQueryOptions(
      { ...asked, limit: PAGE_SIZE },
      {
        getNextPageParam: (page) => page.next,
        retry: false,
        refetchOnWindowFocus: false,
        staleTime: Number.POSITIVE_INFINITY,
      },
    ),
  )
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = found
  const hits = data?.pages.flatMap((page) => page.hits) ?? []
  const goesOn = hasNextPage && !isError && hits.length < wanted
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage()
  }, [goesOn, isFetching, fetchNextPage])
  return (
    <Query of={found}>
      {({ pages }) => (
        <>
          {hits.length > 0 && (
            <DataTable
              name="trace-search"
              label="Spans found"
              columns={COLUMNS}
              rows={hits}
              keyOf={(row) => `${row.traceId} ${row.spanId}`}
            />
          )}
          {hits.length === 0 && !hasNextPage && <Empty>No span in this time range matches.</Empty>}
          <p className="quiet" role="status">
            {plural(hits.length, "span", "spans")} found in{" "}
            {count(pages.reduce((sum, page) => sum + page.spans, 0))}
            {goesOn &&
              ` · searching${asked.order === "newest" ? ` back from ${moment(lowest(pages))}` : ""}…`}
            {!hasNextPage && " · the whole range was searched"}
          </p>
          <div className="row after">
            {goesOn && (
              <button type="button" className="field" onClick={() => setWanted(hits.length)}>
                Stop
              </button>
            )}
            {hasNextPage && !goesOn && (
              <button type="button" className="field" onClick={() => setWanted(hits.length + PAGE_SIZE)}>
                Load more
              </button>
            )}
          </div>
        </>
      )}
    </Query>
  )
}

function lowest(pages: readonly { searchedTo: number }[]): number {
  return Math.min(...pages.map((page) => page.searchedTo))
}

const COLUMNS: Column<Hit>[] = [
  {
    key: "name",
    label: "Span",
    card: "name",
    text: (row) => row.name,
    cell: (row) => (
      <Link href={tracePath(row.traceId, row.spanId)} className="name name-like">
        {row.name}
      </Link>
    ),
  },
  { key: "service", label: "Service", card: "line", text: (row) => row.service, cell: (row) => row.service },
  {
    key: "kind",
    label: "Kind",
    text: (row) => KINDS[row.kind] ?? "",
    cell: (row) => (
      <>
        {KINDS[row.kind]} {row.system !== "" && <span className="tag">{row.system}</span>}
      </>
    ),
  },
  {
    key: "status",
    label: "Status",
    card: "badge",
    text: (row) => row.status,
    cell: (row) => (
      <span className={row.status === "error" ? "bad" : "quiet"} title={row.statusMessage || undefined}>
        {row.status}
      </span>
    ),
  },
  {
    key: "duration",
    label: "Duration",
    numeric: true,
    card: "number",
    text: (row) => row.durationMs,
    cell: (row) => latency(row.durationMs),
  },
  {
    key: "attributes",
    label: "Attributes of the query",
    text: (row) => attributesOf(row),
    cell: (row) => <span className="mono name-like">{attributesOf(row)}</span>,
  },
  {
    key: "start",
    label: "Started",
    card: "number",
    text: (row) => new Date(row.startMs).toISOString(),
    cell: (row) => <Moment at={row.startMs} className="nowrap" />,
  },
]

function attributesOf({ attributes }: Hit): string {
  return attributes.map(({ key, value }) => `${key} = ${String(value)}`).join(", ")
}
