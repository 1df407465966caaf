"use client"

import Link from "next/link"
import { useQueryStates } from "nuqs"
import { useState } from "react"
import { DataTable } from "#app/ui/data-table.tsx"
import { count, latency, moment, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { useZoom } from "#app/ui/range/use-range.ts"
import { Empty, Failure, Loading } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { Hit } from "#server/traces/index.ts"
import { KINDS } from "#server/traces/kinds.ts"
import { tracePath } from "../paths.ts"
import { withDurations } from "./filter.ts"
import { Scatter, type Selected } from "./scatter.tsx"
import { type Order, tracesParams } from "./search-params.ts"
import { type FoundSpans, useHits } from "./use-hits.ts"

interface HitsProps {
  q: string
  text: string
  order: Order
  from: number
  to: number
}

/** Spans that match, within the range as it was when it was searched: a search is of one moment. */
export function Hits(props: HitsProps) {
  const [asked] = useState(props)
  const { found, error, retry, isRunning, stop, more } = useHits(asked)
  const narrow = useNarrow(asked.q)
  if (error && isRunning) return <Failure error={error} retry={retry} />
  if (!found) return <Loading />
  const { hits, next } = found
  return (
    <>
      {hits.length > 0 && <Scatter hits={hits} select={narrow} />}
      <Progress found={found} order={asked.order} isRunning={isRunning} />
      {hits.length > 0 && (
        <DataTable
          name="trace-search"
          label="Spans found"
          columns={COLUMNS}
          rows={hits}
          keyOf={(row) => `${row.traceId} ${row.spanId} ${row.kind}`}
        />
      )}
      {hits.length === 0 && next === null && <Empty>No span in this time range matches.</Empty>}
      <div className="row after">
        {isRunning && (
          <button type="button" className="field" onClick={stop}>
            Stop
          </button>
        )}
        {!isRunning && next !== null && (
          <button type="button" className="field" onClick={more}>
            Load more
          </button>
        )}
      </div>
    </>
  )
}

/** Narrows the search to a time and to durations, in one step that *Back* undoes. */
function useNarrow(q: string): (selected: Selected) => void {
  const [, set] = useQueryStates(tracesParams, { history: "push" })
  const zoom = useZoom()
  return ({ from, to, least, most }) => {
    zoom({ from, to })
    void set({ q: withDurations(q, least, most) })
  }
}

interface ProgressProps {
  found: FoundSpans
  order: Order
  isRunning: boolean
}

/** How far the search is: spans in chunks that cannot match count as searched. */
function Progress({ found: { hits, next, spans, total, searchedTo }, order, isRunning }: ProgressProps) {
  return (
    <>
      {isRunning && (
        <progress
          className="progress"
          value={total === 0 ? 1 : spans / total}
          max={1}
          aria-label="Part of the range that was searched"
        />
      )}
      <p className="quiet" role="status">
        {plural(hits.length, "span", "spans")} found in {count(spans)}
        {isRunning && ` of ${count(total)}`}
        {isRunning && order === "newest" && ` · searching back from ${moment(searchedTo)}…`}
        {isRunning && order === "slowest" && " · searching…"}
        {next === null && " · the whole range was searched"}
      </p>
    </>
  )
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
