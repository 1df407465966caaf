"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Chart } from "#app/ui/chart/chart.tsx"
import type { Line, Mark } from "#app/ui/chart/prepare.ts"
import { useRange, useZoom } from "#app/ui/range.tsx"
import { Loading, Query } from "#app/ui/states.tsx"
import type { GroupDetail, LagHistory } from "#server/lag/queries/index.ts"
import type { PlanSummary } from "#server/offsets/index.ts"

const FORECAST_POINTS = 30

/** Lag, time lag and rates over the page's range; the forecast is dashed. */
export function LagCharts(props: { group: GroupDetail; destination: string | null }) {
  const trpc = useTRPC()
  const range = useRange()
  const zoom = useZoom()
  const { cluster, name } = props.group
  const query = useQuery({
    ...trpc.groups.history.queryOptions({
      cluster,
      group: name,
      ...(props.destination ? { destination: props.destination } : {}),
      from: range?.from ?? 0,
      to: range?.to ?? 0,
    }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  const resets = useQuery({
    ...trpc.offsets.resets.queryOptions({ cluster, group: name, from: range?.from ?? 0, to: range?.to ?? 0 }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  if (range === null) return <Loading />
  return (
    <Query of={query}>
      {(history) => {
        const withForecast =
          range.moving && props.destination === null ? foresee(history, props.group) : history
        return (
          <div className="charts">
            <section className="panel">
              <Chart
                title="Lag (messages)"
                unit="messages"
                at={withForecast.at}
                lines={lagLines(withForecast)}
                marks={marksOf(resets.data ?? [])}
                onZoom={zoom}
              />
            </section>
            <section className="panel">
              <Chart
                title="Time lag"
                unit="duration"
                at={history.at}
                lines={[line(history, "timeLag", "time lag", "var(--series-1)")]}
                none="Not known in this range: the oldest unread message is older than the stored history."
                onZoom={zoom}
              />
            </section>
            <section className="panel">
              <Chart
                title="Messages a second"
                unit="rate"
                at={history.at}
                lines={[
                  line(history, "produced", "written", "var(--series-2)"),
                  line(history, "consumed", "consumed", "var(--series-3)"),
                ]}
                onZoom={zoom}
              />
            </section>
          </div>
        )
      }}
    </Query>
  )
}

function marksOf(resets: PlanSummary[]): Mark[] {
  return resets.map((one) => ({
    at: one.appliedAt ?? one.createdAt,
    label: `reset by ${one.appliedBy ?? one.createdBy}: ${one.what}`,
  }))
}

function line(history: LagHistory, key: string, name: string, tone: string): Line {
  return { name, tone, values: history.series[key] ?? [] }
}

function lagLines(history: LagHistory): Line[] {
  const lines = [line(history, "lag", "lag", "var(--series-1)")]
  if (history.series.forecast)
    lines.push({ ...line(history, "forecast", "forecast", "var(--series-2)"), dashed: true })
  const lost = history.series.lost ?? []
  if (lost.some((value) => (value ?? 0) > 0))
    lines.push({ name: "lost in this range", tone: "var(--bad)", values: lost })
  return lines
}

/** Continues the lag at today's rates, a tenth of the range ahead. */
function foresee(history: LagHistory, group: GroupDetail): LagHistory {
  const last = history.at.at(-1)
  const lag = history.series.lag ?? []
  const now = lag.findLast((value) => value !== null)
  if (
    last === undefined ||
    typeof now !== "number" ||
    group.produceRate === null ||
    group.consumeRate === null ||
    now === 0
  )
    return history
  const perMs = (group.produceRate - group.consumeRate) / 1000
  const ahead = Math.min(FORECAST_POINTS, Math.ceil(history.at.length / 10))
  const moments = Array.from({ length: ahead }, (_, i) => last + (i + 1) * history.stepMs)
  const pad = <Value,>(values: Value[]) => [...values, ...moments.map(() => null)]
  const series = Object.fromEntries(Object.entries(history.series).map(([key, values]) => [key, pad(values)]))
  const forecast = [
    ...history.at.map((at) => (at === last ? now : null)),
    ...moments.map((at) => Math.max(0, now + perMs * (at - last))),
  ]
  return { ...history, at: [...history.at, ...moments], series: { ...series, forecast } }
}
