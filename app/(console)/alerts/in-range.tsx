"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import type { Band } from "#app/ui/chart/prepare.ts"
import { duration, moment } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { useRange } from "#app/ui/range/use-range.ts"
import { type Column, Table } from "#app/ui/table.tsx"
import { timelinePath } from "../paths.ts"
import { SeverityMark } from "./severity.tsx"
import { SEVERITY_TONES } from "./severity-tone.ts"

type Alert = RouterOutputs["alerts"]["timeline"]["alerts"][number]

/** The alerts on one group or topic within the page's range, the latest first. */
export function useAlertsInRange(
  cluster: string,
  about: { group: string } | { destination: string },
): { alerts: Alert[]; bands: Band[] } {
  const trpc = useTRPC()
  const range = useRange()
  const { data } = useQuery({
    ...trpc.alerts.timeline.queryOptions({
      ...{ clusters: [cluster], about },
      from: range?.from ?? 0,
      to: range?.to ?? 0,
    }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  const alerts = data?.alerts ?? []
  return { alerts, bands: alerts.flatMap((alert) => bandsOf(alert, data?.to ?? 0)) }
}

/** What fired is shaded; what was only pending more lightly. */
function bandsOf({ parts, severity, ruleName, id }: Alert, now: number): Band[] {
  return parts.flatMap(({ state, from, to }): Band[] => {
    if (state !== "firing" && state !== "pending") return []
    const span = `${moment(from)} to ${to === null ? "now" : moment(to)}`
    return [
      {
        ...{ from, to: to ?? now, tone: SEVERITY_TONES[severity], isFaint: state === "pending" },
        label: `${ruleName} (${severity}) was ${state}, ${span}`,
        href: timelinePath(id),
      },
    ]
  })
}

/** What the shaded times of the charts are, in words. */
export function AlertsInRange({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null
  return (
    <section className="panel" aria-label="Alerts in this time range">
      <h2>Alerts in this time range</h2>
      <Table label="Alerts in this time range" columns={COLUMNS} rows={[...alerts]} keyOf={({ id }) => id} />
    </section>
  )
}

const COLUMNS: Column<Alert>[] = [
  { key: "severity", label: "Severity", cell: ({ severity }) => <SeverityMark severity={severity} /> },
  {
    key: "rule",
    label: "Alert",
    cell: ({ id, ruleName, sentence }) => (
      <div>
        <Link href={timelinePath(id)}>{ruleName}</Link>
        <p className="quiet wrap">{sentence}</p>
      </div>
    ),
  },
  {
    key: "pending",
    label: "Pending",
    cell: ({ parts }) => <Part part={parts.find(({ state }) => state === "pending")} />,
  },
  {
    key: "firing",
    label: "Firing",
    cell: ({ parts }) => <Part part={parts.find(({ state }) => state === "firing")} />,
  },
]

function Part({ part }: { part: Alert["parts"][number] | undefined }) {
  if (part === undefined) return <span className="quiet">no</span>
  return (
    <>
      <Moment at={part.from} />{" "}
      <span className="quiet">{part.to === null ? "until now" : `for ${duration(part.to - part.from)}`}</span>
    </>
  )
}
