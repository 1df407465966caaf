"use client"

import { tracePath } from "#app/(console)/paths.ts"
import { Chart } from "#app/ui/chart/chart.tsx"
import type { Example, Line, Mark } from "#app/ui/chart/prepare.ts"
import { latency } from "#app/ui/format.ts"
import type { Range } from "#app/ui/range/range.ts"
import { useZoom } from "#app/ui/range/use-range.ts"
import type { ServiceView } from "#server/traces/index.ts"
import { knownPoints } from "../minutes.ts"

type Point = ServiceView["series"][number]

/** Rate, errors and durations over time, with the moments at which the version changed. */
export function ServiceCharts({ view, range }: { view: ServiceView; range: Range }) {
  const zoom = useZoom()
  const { series, step } = view
  const isKnown = knownPoints(series, view)
  const line = (name: string, tone: string, of: (point: Point) => number | null): Line => ({
    name,
    tone,
    values: series.map((point) => (isKnown(point.at) ? of(point) : null)),
  })
  const facts = {
    at: series.map((point) => point.at),
    range: { from: range.from, to: range.to },
    ...{ stepMs: step, resolutionMs: step, marks: marksOf(view), onZoom: zoom },
  }
  const seconds = step / 1000
  const known = series.filter((point) => isKnown(point.at))
  return (
    <div className="charts">
      <section className="panel">
        <Chart
          title="Calls per second"
          unit="rate"
          {...facts}
          lines={[
            line("calls", "var(--series-1)", (point) => point.calls / seconds),
            line("errors", "var(--bad)", (point) => point.errors / seconds),
          ]}
        />
      </section>
      <section className="panel">
        <Chart
          title="Errors"
          unit="ratio"
          {...facts}
          lines={[
            line("errors", "var(--bad)", (point) => (point.calls === 0 ? null : point.errors / point.calls)),
          ]}
          examples={known.flatMap(failed)}
        />
      </section>
      <section className="panel">
        <Chart
          title="Duration"
          unit="latency"
          {...facts}
          lines={[
            line("p50", "var(--series-3)", (point) => point.p50Ms),
            line("p95", "var(--series-1)", (point) => point.p95Ms),
            line("p99", "var(--series-2)", (point) => point.p99Ms),
          ]}
          examples={known.flatMap(slowest)}
        />
      </section>
    </div>
  )
}

/** The slowest call of each point, on the axis of durations. */
function slowest({ at, slowest: call }: Point): Example[] {
  if (!call) return []
  const label = `slowest call, ${latency(call.durationMs)}`
  return [{ at, value: call.durationMs, label, href: tracePath(call.traceId) }]
}

/** The slowest failed call of each point, on the line of errors. */
function failed({ at, calls, errors, slowestError: call }: Point): Example[] {
  if (!call || calls === 0) return []
  const label = `failed call, ${latency(call.durationMs)}`
  return [{ at, value: errors / calls, label, href: tracePath(call.traceId) }]
}

function marksOf({ deploys }: ServiceView): Mark[] {
  return deploys.map(({ at, version, previous }) => ({
    at,
    label: `version ${version}${previous === null ? "" : `, after ${previous}`}`,
    short: version,
  }))
}
