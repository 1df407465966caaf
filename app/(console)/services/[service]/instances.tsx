"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Chart } from "#app/ui/chart/chart.tsx"
import { count, percent } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { useZoom } from "#app/ui/range/use-range.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { Value } from "#app/ui/value.tsx"
import type { InstanceList, InstanceRow } from "#server/traces/index.ts"
import { errorsColumn, NO_CALLS, p95Column } from "../columns.tsx"
import type { OfService } from "./of-service.ts"

/** More lines cannot be told apart. */
const MAX_LINES = 3
const TONES = ["var(--series-1)", "var(--series-2)", "var(--series-3)"]
/** The busiest instance may have so many times the calls of the mean. */
const UNEVEN = 1.5

/** The processes of the service with version and host, and how calls are spread among them. */
export function Instances({ of }: { of: OfService }) {
  const query = useQuery({
    ...useTRPC().traces.instances.queryOptions(of),
    placeholderData: keepPreviousData,
  })
  return (
    <Query of={query}>
      {(list) =>
        list.instances.length === 0 ? (
          <section className="panel" aria-label="Instances">
            <Empty>Unknown: its spans name no instance (service.instance.id) and no host.</Empty>
          </section>
        ) : (
          <>
            <Balance list={list} />
            <section className="panel" aria-label="Instances">
              <Table label="Instances" columns={COLUMNS} rows={list.instances} keyOf={keyOf} />
            </section>
          </>
        )
      }
    </Query>
  )
}

function Balance({ list }: { list: InstanceList }) {
  const zoom = useZoom()
  const { skew } = list
  const lines = list.instances.slice(0, MAX_LINES).map((one, i) => ({
    ...{ name: nameOf(one), tone: TONES[i] ?? "var(--quiet)", values: knownCalls(one, list) },
  }))
  return (
    <section className="panel" aria-label="Load balancing">
      <Chart title="Calls per second by instance" unit="rate" at={list.at} lines={lines} onZoom={zoom} />
      {list.instances.length > MAX_LINES && (
        <p className="quiet note">The {MAX_LINES} instances with the most calls are drawn.</p>
      )}
      {skew !== null && (
        <p className={skew > UNEVEN ? "warn note" : "quiet note"}>
          {skew > UNEVEN
            ? `Calls are spread unevenly: the busiest instance has ${skew.toFixed(1)} times the mean.`
            : `Calls are spread evenly: the busiest instance has ${skew.toFixed(1)} times the mean.`}
        </p>
      )}
    </section>
  )
}

/** Calls while the instance was there: before and after, it was not called because it was not there. */
function knownCalls({ series, firstMs, lastMs }: InstanceRow, { at, step }: InstanceList): (number | null)[] {
  return series.map((calls, i) => {
    const from = at[i] ?? 0
    return from + step > firstMs && from <= lastMs ? calls : null
  })
}

function nameOf({ name, version }: InstanceRow): string {
  return [name, version].filter(Boolean).join(" ")
}

function keyOf({ name, version, host }: InstanceRow): string {
  return JSON.stringify([name, version, host])
}

const UNSAID = <span className="quiet">–</span>

const COLUMNS: Column<InstanceRow>[] = [
  { key: "name", label: "Instance", cell: (row) => <span className="strong wrap">{row.name}</span> },
  { key: "version", label: "Version", cell: (row) => row.version || UNSAID },
  { key: "host", label: "Host", cell: (row) => <span className="wrap">{row.host || UNSAID}</span> },
  { key: "calls", label: "Calls", numeric: true, cell: (row) => count(row.calls) },
  {
    key: "share",
    label: "Share",
    numeric: true,
    cell: (row) => <Value of={row.share} as={percent} why={NO_CALLS} />,
  },
  errorsColumn<InstanceRow>(),
  p95Column<InstanceRow>(),
  { key: "first", label: "First seen", cell: (row) => <Moment at={row.firstMs} /> },
  { key: "last", label: "Last seen", cell: (row) => <Moment at={row.lastMs} /> },
]
