"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { Chart } from "#app/ui/chart/chart.tsx"
import { Query } from "#app/ui/states.tsx"
import { SEVERITY_TONES } from "../severity-tone.ts"
import { CHART_UNITS } from "../units.ts"

type Found = NonNullable<RouterOutputs["alerts"]["chart"]>
type Severity = RouterOutputs["alerts"]["get"]["severity"]

const AGAIN_MS = 30_000

interface Props {
  id: string
  severity: Severity
  isOver: boolean
}

/** What the signal of an alert said before and while it fired, with the thresholds. */
export function SignalChart({ id, severity, isOver }: Props) {
  const trpc = useTRPC()
  const chart = useQuery({
    ...trpc.alerts.chart.queryOptions({ id }),
    ...(isOver ? {} : { refetchInterval: AGAIN_MS }),
  })
  // Words have no line, and of some alerts no values are kept: what happened is said below.
  if (chart.data === null) return null
  return (
    <section className="panel" aria-label="Signal">
      <Query of={chart}>{(found) => found && <Drawn found={found} severity={severity} />}</Query>
    </section>
  )
}

function Drawn({ found, severity }: { found: Found; severity: Severity }) {
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null)
  const range = zoom ?? { from: found.from, to: found.to }
  const shown = found.points.filter(({ at }) => at >= range.from && at <= range.to)
  const [threshold, clear] = found.thresholds
  return (
    <>
      <Chart
        title={found.label}
        unit={CHART_UNITS[found.unit]}
        at={shown.map(({ at }) => at)}
        lines={[{ name: found.label, tone: "var(--series-1)", values: shown.map(({ value }) => value) }]}
        limits={[
          ...(threshold === undefined ? [] : [{ value: threshold, tone: "var(--bad)" }]),
          ...(clear === undefined ? [] : [{ value: clear, tone: "var(--bad)", dashed: true }]),
        ]}
        bands={[
          {
            from: found.firedAt,
            to: found.resolvedAt ?? found.to,
            tone: SEVERITY_TONES[severity],
            label: "firing",
          },
        ]}
        range={range}
        onZoom={setZoom}
      />
      <p className="quiet note">
        Shaded: firing
        {threshold !== undefined && (
          <> · line across: the threshold{clear !== undefined && ", dashed where it clears"}</>
        )}
      </p>
    </>
  )
}
