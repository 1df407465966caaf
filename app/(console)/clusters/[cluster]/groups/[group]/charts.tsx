"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { AlertsInRange, useAlertsInRange } from "#app/(console)/alerts/in-range.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Chart } from "#app/ui/chart/chart.tsx"
import type { Line, Mark } from "#app/ui/chart/prepare.ts"
import { TONES } from "#app/ui/chart/tones.ts"
import { factsOf, useRange, useZoom } from "#app/ui/range/use-range.ts"
import { Loading, Query } from "#app/ui/states.tsx"
import type { GroupDetail, LagHistory } from "#server/lag/queries/index.ts"
import type { PlanSummary } from "#server/offsets/index.ts"

const UNKNOWN_AGE = "Unknown: the oldest unread message is older than the stored history."

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
  const { alerts, bands } = useAlertsInRange(cluster, { group: name })
  const resets = useQuery({
    ...trpc.offsets.resets.queryOptions({ cluster, group: name, from: range?.from ?? 0, to: range?.to ?? 0 }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  if (range === null) return <Loading />
  return (
    <Query of={query}>
      {(history) => {
        const ahead = range.moving ? history.ahead : []
        const facts = factsOf(history, range)
        const marks = marksOf(resets.data ?? [])
        return (
          <>
            <div className="charts-large">
              <section className="panel">
                <Chart
                  title="Lag (messages)"
                  tall
                  unit="messages"
                  {...{ ...facts, bands }}
                  at={[...history.at, ...ahead.slice(1).map((point) => point.at)]}
                  lines={lagLines(history, ahead)}
                  marks={marks}
                  onZoom={zoom}
                />
              </section>
              <section className="panel">
                <Chart
                  title="Time lag"
                  unit="duration"
                  {...{ ...facts, bands, marks }}
                  lines={[line(history, "timeLag", { name: "time lag", tone: TONES.timeLag })]}
                  none={history.at.length > 0 ? UNKNOWN_AGE : undefined}
                  onZoom={zoom}
                />
              </section>
              <section className="panel">
                <Chart
                  title="Messages per second"
                  unit="rate"
                  {...{ ...facts, bands, marks }}
                  lines={[
                    line(history, "produced", { name: "produced", tone: TONES.produced }),
                    line(history, "consumed", { name: "consumed", tone: TONES.consumed }),
                  ]}
                  onZoom={zoom}
                />
              </section>
            </div>
            <AlertsInRange alerts={alerts} />
          </>
        )
      }}
    </Query>
  )
}

function marksOf(resets: PlanSummary[]): Mark[] {
  return resets.map((one) => ({
    at: one.appliedAt ?? one.createdAt,
    label: `Offsets reset by ${one.appliedBy ?? one.createdBy}: ${one.what}`,
    short: "Reset",
  }))
}

function line(history: LagHistory, key: string, look: { name: string; tone: string }): Line {
  return { ...look, values: history.series[key] ?? [] }
}

function lagLines(history: LagHistory, ahead: LagHistory["ahead"]): Line[] {
  const lines = [line(history, "lag", { name: "lag", tone: TONES.lag })]
  if (history.series.lagAtLeast?.some((value) => value !== null))
    lines.push({
      ...line(history, "lagAtLeast", { name: "lag, at least (a part is unknown)", tone: TONES.partial }),
      dashed: true,
    })
  if (ahead.length > 0) {
    // It begins at the last point of the lag itself.
    const before = history.at.slice(1).map(() => null)
    const values = [...before, ...ahead.map((point) => Math.round(point.lag))]
    lines.push({ name: "forecast", tone: TONES.lag, values, dashed: true })
  }
  const lost = history.series.lost ?? []
  if (lost.some((value) => (value ?? 0) > 0))
    lines.push({ name: "lost in this range", tone: TONES.lost, values: lost })
  const length = history.at.length + Math.max(0, ahead.length - 1)
  return lines.map((one) => ({
    ...one,
    values: [...one.values, ...Array.from({ length: length - one.values.length }, () => null)],
  }))
}
