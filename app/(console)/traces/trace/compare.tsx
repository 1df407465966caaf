"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { useMemo } from "react"
import { serviceSpansPath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { count } from "#app/ui/format.ts"
import { Query } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import { type Compared, compareFlames } from "#server/traces/analysis/compare.ts"
import { flameOf } from "#server/traces/analysis/flame.ts"
import { treeOf } from "#server/traces/analysis/tree.ts"
import type { SpanView, TraceView } from "#server/traces/index.ts"
import { ShapeOf } from "./shape.tsx"
import { took } from "./took.ts"
import { traceParams } from "./trace-params.ts"
import type { TraceState } from "./use-trace-state.ts"

const TRACE_ID = /^[0-9a-f]{32}$/
const DEEPEST = 16

type Row = Compared<SpanView>

/** This trace beside another one: what only one of them did, and what took longer. */
export function CompareTraces({ state }: { state: TraceState }) {
  const [{ with: other }, set] = useQueryStates(traceParams, { history: "push" })
  const root = state.model.root?.span
  return (
    <section className="panel" aria-label="Compare">
      <form
        className="row tools"
        aria-label="Compare with"
        onSubmit={(event) => {
          event.preventDefault()
          const id = new FormData(event.currentTarget).get("with")
          void set({ with: String(id).trim().toLowerCase() || null })
        }}
      >
        <input
          key={other}
          className="field mono"
          name="with"
          aria-label="Trace to compare with"
          placeholder="Trace id"
          size={34}
          pattern=" *[0-9a-fA-F]{32} *"
          title="32 hexadecimal digits"
          defaultValue={other}
        />
        <button type="submit" className="field act">
          Compare
        </button>
        {root && (
          <Link className="field" href={serviceSpansPath(root.service, root.name)}>
            Search traces of {root.service} {root.name}
          </Link>
        )}
      </form>
      {TRACE_ID.test(other) ? (
        <Loaded here={state.model.trace} other={other} />
      ) : (
        <p className="quiet">
          Enter the id of another trace of the same operation: paths of operations are compared, whatever
          their spans are called by.
        </p>
      )}
    </section>
  )
}

function Loaded({ here, other }: { here: TraceView; other: string }) {
  const trpc = useTRPC()
  const found = useQuery({
    ...trpc.traces.get.queryOptions({ traceId: other }),
    placeholderData: keepPreviousData,
    structuralSharing: false,
    staleTime: 60_000,
  })
  return <Query of={found}>{(there) => <Rows here={here} there={there} />}</Query>
}

function Rows({ here, there }: { here: TraceView; there: TraceView }) {
  const rows = useMemo(() => rowsOf(here, there), [here, there])
  const differing = rows.filter((row) => !row.here || !row.there || row.here.spans !== row.there.spans)
  return (
    <>
      <p className="quiet slim">
        {differing.length === 0
          ? "Both did the same, as often."
          : `${count(differing.length)} of ${count(rows.length)} paths differ in their number of spans.`}
      </p>
      <DataTable
        name="trace-compare"
        label="Paths of both traces"
        columns={COLUMNS}
        rows={rows}
        keyOf={(row) => row.key}
      />
    </>
  )
}

function rowsOf(here: TraceView, there: TraceView): Row[] {
  const [own, others] = [flameOf(treeOf(here.spans)), flameOf(treeOf(there.spans))]
  return own && others ? compareFlames(own, others) : []
}

function spanOf({ here, there }: Row): SpanView | undefined {
  return (here ?? there)?.longest.span
}

function difference({ here, there }: Row): number {
  return (here?.totalNs ?? 0) - (there?.totalNs ?? 0)
}

const COLUMNS: Column<Row>[] = [
  {
    ...{ key: "path", label: "Path", card: "name" },
    text: (row) => `${"  ".repeat(row.depth)}${spanOf(row)?.service} ${spanOf(row)?.name}`,
    cell: (row) => {
      const span = spanOf(row)
      if (!span) return null
      return (
        <span
          className="path-cell"
          style={{ paddingInlineStart: `${Math.min(row.depth, DEEPEST) * 0.75}rem` }}
        >
          <ShapeOf span={span} /> <strong>{span.service}</strong> {span.name}
        </span>
      )
    },
  },
  {
    ...{ key: "in", label: "In", card: "badge" },
    text: inWords,
    cell: (row) => <span className={row.here && row.there ? "quiet" : "warn"}>{inWords(row)}</span>,
  },
  number("spans", "Spans here", ({ here }) => here?.spans),
  number("others", "There", ({ there }) => there?.spans),
  time("time", "Time here", ({ here }) => here?.totalNs),
  time("othersTime", "There", ({ there }) => there?.totalNs),
  {
    ...{ key: "difference", label: "Difference", numeric: true, card: "number" },
    text: (row) => difference(row) / 1e6,
    cell: (row) => `${difference(row) > 0 ? "+" : ""}${took(difference(row))}`,
  },
]

function inWords({ here, there }: Row): string {
  return here && there ? "both" : here ? "only here" : "only there"
}

function number(key: string, label: string, of: (row: Row) => number | undefined): Column<Row> {
  return {
    ...{ key, label, numeric: true },
    text: (row) => of(row) ?? null,
    cell: (row) => count(of(row)),
  }
}

function time(key: string, label: string, of: (row: Row) => number | undefined): Column<Row> {
  return {
    ...{ key, label, numeric: true },
    text: (row) => (of(row) ?? 0) / 1e6,
    cell: (row) => {
      const ns = of(row)
      return ns === undefined ? "–" : took(ns)
    },
  }
}
