"use client"

import { IconStack2 } from "@tabler/icons-react"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { OneMonth } from "#app/(console)/one-month.tsx"
import { Allowed } from "#app/access/allowed.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { EmptyState } from "#app/ui/empty-state.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import type { Range } from "#app/ui/range/range.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Search } from "#app/ui/search.tsx"
import { Empty, Loading, Query } from "#app/ui/states.tsx"
import type { ServiceList as Found } from "#server/traces/index.ts"
import { serviceColumns } from "./columns.tsx"
import { minutesOf } from "./minutes.ts"
import { inOrder } from "./order.ts"
import { serviceListParams } from "./search-params.ts"

/** Every service that sent spans in the time range at the top, the worst first. */
export function ServiceList() {
  const range = useRange()
  return (
    <>
      <PageHead above={HOME} title="Services" />
      <Allowed permission="trace.read">{range ? <List range={range} /> : <Loading />}</Allowed>
    </>
  )
}

function List({ range }: { range: Range }) {
  const trpc = useTRPC()
  const [{ q }, set] = useQueryStates(serviceListParams, { history: "push" })
  const query = useQuery({
    ...trpc.traces.services.queryOptions(minutesOf(range)),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel" aria-label="Services">
      <div className="row tools">
        <Search
          label="Filter services by name"
          value={q}
          onChange={(text) => void set({ q: text || null })}
        />
      </div>
      <OneMonth range={range} />
      <Query of={query}>{(list) => <Rows list={list} q={q} />}</Query>
    </section>
  )
}

function Rows({ list, q }: { list: Found; q: string }) {
  const [{ sort, dir }, set] = useQueryStates(serviceListParams, { history: "push" })
  const needle = q.toLowerCase()
  const found = list.services.filter(({ service }) => service.toLowerCase().includes(needle))
  if (list.services.length === 0) return <Nothing />
  if (found.length === 0)
    return <Empty>No service whose name contains “{q}” sent spans in this time range.</Empty>
  return (
    <DataTable
      name="services"
      label="Services"
      columns={serviceColumns(list)}
      rows={inOrder(found, { sort, dir })}
      keyOf={(row) => row.service}
      order={{ sort, dir, page: 1 }}
      setOrder={(order) => void set(order as Partial<{ sort: typeof sort; dir: typeof dir }>)}
    />
  )
}

function Nothing() {
  return (
    <EmptyState icon={IconStack2} title="No spans in this time range">
      <p>
        Services appear here when they send spans: OTLP/HTTP to port 4318, OTLP/gRPC to port 4317, Zipkin’s
        JSON to port 9411 of the receiver.
      </p>
    </EmptyState>
  )
}
