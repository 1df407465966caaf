"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { Allowed } from "#app/access/allowed.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import type { Range } from "#app/ui/range/range.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Search } from "#app/ui/search.tsx"
import { Empty, Loading, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import type { OperationList } from "#server/traces/index.ts"
import { OneMonth } from "../one-month.tsx"
import { FindTrace } from "./find.tsx"
import { Hits } from "./hits.tsx"
import { operationColumns } from "./operations.tsx"
import { QueryForm } from "./query-form.tsx"
import { type Order, tracesParams } from "./search-params.ts"

/** What services did within the time range at the top, each line with a trace; spans that match a query; any trace by its id. */
export function TracesPage() {
  const range = useRange()
  return (
    <>
      <PageHead above={HOME} title="Traces" />
      <Allowed permission="trace.read">{range ? <Panels range={range} /> : <Loading />}</Allowed>
    </>
  )
}

function Panels({ range }: { range: Range }) {
  const [{ q, text, order }] = useQueryStates(tracesParams)
  return (
    <>
      <section className="panel" aria-label="Search">
        <QueryForm range={range} />
        {q !== null && <Found q={q} text={text} order={order} range={range} />}
      </section>
      {q === null && <Operations range={range} />}
    </>
  )
}

function Found({ range, ...asked }: { q: string; text: string; order: Order; range: Range }) {
  const of = range.moving ? range.to - range.from : `${range.from} ${range.to}`
  return <Hits key={JSON.stringify([asked, of])} {...asked} from={range.from} to={range.to} />
}

function Operations({ range }: { range: Range }) {
  const trpc = useTRPC()
  const [{ service }, set] = useQueryStates(tracesParams)
  const list = useQuery({
    ...trpc.traces.operations.queryOptions({ from: range.from, to: range.to, service }),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel" aria-label="Operations">
      <div className="row tools">
        <Search label="Service" value={service} onChange={(text) => void set({ service: text })} />
        <FindTrace />
      </div>
      <OneMonth range={range} />
      <Query of={list}>{(found) => <List list={found} isFiltered={service !== ""} />}</Query>
    </section>
  )
}

function List({ list, isFiltered }: { list: OperationList; isFiltered: boolean }) {
  if (list.operations.length === 0)
    return (
      <Empty>
        {isFiltered
          ? "No service whose name contains this sent spans in this time range."
          : "No spans arrived in this time range. Send them to port 4318 (OTLP/HTTP) or 4317 (OTLP/gRPC) of this machine."}
      </Empty>
    )
  return (
    <Table
      label="Operations"
      columns={operationColumns}
      rows={list.operations}
      keyOf={(row) => `${row.service} ${row.kind} ${row.operation}`}
    />
  )
}
