import Link from "next/link"
import { servicePath, tracePath } from "#app/(console)/paths.ts"
import { count, latency, percent, rate } from "#app/ui/format.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import { Sparkline } from "#app/ui/sparkline.tsx"
import type { Column } from "#app/ui/table.tsx"
import { Value } from "#app/ui/value.tsx"
import type { Red, ServiceList } from "#server/traces/index.ts"
import { knownPoints } from "./minutes.ts"
import { factor, promiseOf, shortPromise } from "./objective-words.ts"

export const NO_CALLS = "No calls in this time range"

type Row = ServiceList["services"][number]

/** The share of calls that failed. */
export function errorsColumn<Of extends Pick<Red, "calls" | "errors">>(): Column<Of> {
  const of = ({ calls, errors }: Of) => (calls === 0 ? null : errors / calls)
  return numberColumn<Of>("errors", { label: "Errors", of, as: percent, why: NO_CALLS, bad: true })
}

export function p95Column<Of extends Pick<Red, "p95Ms">>(): Column<Of> {
  return numberColumn<Of>("p95", { label: "p95", of: (row) => row.p95Ms, as: latency, why: NO_CALLS })
}

/** Durations of whatever has them. */
export function durationColumns<Of extends Red>(card: boolean): Column<Of>[] {
  const of = (key: "p50Ms" | "p95Ms" | "p99Ms") => (row: Of) => row[key]
  const look = { as: latency, why: NO_CALLS }
  return [
    numberColumn<Of>("p50", { label: "p50", sort: "p50", of: of("p50Ms"), ...look }),
    { ...p95Column<Of>(), sort: "p95", ...(card ? { card: "number" as const } : {}) },
    numberColumn<Of>("p99", { label: "p99", sort: "p99", of: of("p99Ms"), ...look }),
  ]
}

/** The slowest call, which leads to its trace. */
export function slowestColumn<Of extends Red>(): Column<Of> {
  return {
    key: "slowest",
    label: "Slowest",
    numeric: true,
    text: (row) => row.slowest?.durationMs ?? null,
    cell: ({ slowest }) =>
      slowest && (
        <Link href={tracePath(slowest.traceId)} title="Trace of the slowest call">
          {latency(slowest.durationMs)}
        </Link>
      ),
  }
}

export function serviceColumns(list: ServiceList): Column<Row>[] {
  return [
    {
      key: "service",
      label: "Service",
      sort: "service",
      card: "name",
      text: (row) => row.service,
      cell: (row) => (
        <Link href={servicePath(row.service)} className="name">
          {row.service}
        </Link>
      ),
    },
    numberColumn<Row>("errors", {
      ...{ label: "Errors", sort: "errors", card: "badge" },
      ...{ of: (row) => row.errorRate, as: percent, why: NO_CALLS, bad: true },
    }),
    numberColumn<Row>("calls", {
      ...{ label: "Calls", sort: "calls", card: "number" },
      ...{ of: (row) => row.callsPerSecond, as: rate, why: NO_CALLS },
    }),
    ...durationColumns<Row>(true),
    {
      key: "trend",
      label: "Calls over time",
      card: "line",
      cell: (row) => (
        <Sparkline
          values={callsOf(row, list)}
          label={`Calls of ${row.service} over time: ${count(row.calls)}`}
        />
      ),
    },
    {
      key: "slow-trend",
      label: "p95 over time",
      cell: (row) => (
        <Sparkline
          values={row.trend.map((point) => point.p95Ms)}
          label={`p95 of ${row.service} over time`}
          tone="var(--series-2)"
        />
      ),
    },
    slowestColumn<Row>(),
    {
      key: "systems",
      label: "Systems",
      text: (row) => systemsOf(row).join(" "),
      cell: (row) => <Systems row={row} />,
    },
    {
      key: "objective",
      label: "Objective",
      text: (row) => row.objective && shortPromise(row.objective),
      cell: (row) =>
        row.objective ? (
          <span className="nowrap" title={promiseOf(row.objective)}>
            {shortPromise(row.objective)}
          </span>
        ) : (
          <span className="quiet" title="No objective is set: set one on the service’s page.">
            –
          </span>
        ),
    },
    {
      key: "burn",
      label: "Burn rate",
      sort: "burn",
      numeric: true,
      text: (row) => row.objective?.burnRate ?? null,
      cell: ({ objective }) => (
        <Value
          of={objective?.burnRate ?? null}
          as={factor}
          why={objective ? NO_CALLS : "No objective is set"}
          bad={(objective?.burnRate ?? 0) > 1}
        />
      ),
    },
  ]
}

function callsOf({ trend }: Row, list: ServiceList): (number | null)[] {
  const isKnown = knownPoints(trend, list)
  return trend.map(({ at, calls }) => (isKnown(at) ? calls : null))
}

function systemsOf({ systems }: Pick<Row, "systems">): string[] {
  return systems.flatMap(({ system }) => (system === "" ? [] : [system]))
}

/** By what a service is called. */
export function Systems({ row }: { row: Pick<Row, "systems" | "counted"> }) {
  const systems = systemsOf(row)
  if (row.counted === "all")
    return (
      <span className="quiet" title="No requests served and no messages processed: all its spans count.">
        own spans
      </span>
    )
  if (systems.length === 0)
    return (
      <span className="quiet" title="Its spans name no RPC, messaging or database system.">
        –
      </span>
    )
  return (
    <span className="row tight tags">
      {systems.map((system) => (
        <span key={system} className="tag">
          {system}
        </span>
      ))}
    </span>
  )
}
