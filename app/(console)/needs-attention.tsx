"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ReactNode } from "react"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import type { RouterOutputs } from "../trpc/types.ts"
import { duration, exactMoment, plural } from "../ui/format.ts"
import { Mark, type Tone } from "../ui/mark.tsx"
import { useNow } from "../ui/now.ts"
import { Query } from "../ui/states.tsx"
import { alertPath } from "./alerts/alert-path.ts"
import { firing } from "./alerts/input.ts"
import { SEVERITY_LOOKS, SeverityMark } from "./alerts/severity.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { IncidentTrend } from "./incident-trend.tsx"
import { clusterPath, resetPath } from "./paths.ts"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]

/** What is wrong now: the alerts that fire, worst first. Before them, the clusters on which no rule can be evaluated. */
export function NeedsAttention(props: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const alerts = useQuery(trpc.alerts.list.queryOptions(firing(useClusterFilter())))
  const unreachable = props.clusters.filter((cluster) => cluster.freshness.error !== null)
  return (
    <section className="panel" aria-label="Needs attention">
      <h2>Needs attention</h2>
      <Query of={alerts}>
        {({ rows, total }) => {
          const { causes, explained } = apart(rows)
          return (
            <>
              {rows.length + unreachable.length === 0 && (
                <p className="quiet">Nothing: no alert is firing.</p>
              )}
              <ul className="incidents">
                {unreachable.map((cluster) => (
                  <Incident
                    key={cluster.slug}
                    tone="bad"
                    badge={
                      <Mark look={{ shape: "cross", tone: "bad" }} on="solid">
                        unreachable
                      </Mark>
                    }
                    href={clusterPath(cluster.slug)}
                    name={cluster.name}
                    sentence={cluster.freshness.error ?? ""}
                  />
                ))}
                {causes.map((alert) => (
                  <FiringAlert key={alert.id} alert={alert} />
                ))}
              </ul>
              {explained.length > 0 && (
                <p className="note">
                  <Link href="/alerts">{plural(explained.length, "alert", "alerts")} that these explain</Link>
                </p>
              )}
              {total > rows.length && <Link href="/alerts">and {total - rows.length} more</Link>}
            </>
          )
        }}
      </Query>
    </section>
  )
}

/** What another alert of the list explains is a number: one incident is one card. */
function apart(rows: readonly Alert[]): { causes: Alert[]; explained: Alert[] } {
  const ids = new Set(rows.map(({ id }) => id))
  const isExplained = ({ explainedBy }: Alert) => explainedBy !== null && ids.has(explainedBy.id)
  return { causes: rows.filter((one) => !isExplained(one)), explained: rows.filter(isExplained) }
}

function FiringAlert({ alert }: { alert: Alert }) {
  const now = useNow()
  const since = alert.firedAt ?? alert.startedAt
  const { cluster, labels } = alert
  const { group, destination, failure } = labels
  return (
    <Incident
      tone={SEVERITY_LOOKS[alert.severity].tone}
      badge={<SeverityMark severity={alert.severity} on="solid" />}
      href={alertPath(alert) ?? "/alerts"}
      name={group ?? destination ?? cluster ?? "Signalbox"}
      sentence={alert.sentence}
      remarks={remarks(alert).join(" · ")}
      trend={<IncidentTrend labels={labels} cluster={cluster} />}
      since={<span title={exactMoment(since)}>{now !== null && wholeMinutes(now - since)}</span>}
    >
      {cluster !== null && group !== undefined && failure === undefined && (
        <Link href={resetPath(cluster, group)} className="field">
          Reset offsets
        </Link>
      )}
    </Incident>
  )
}

function remarks({ cluster, acknowledged, silence, explainedBy, explains }: Alert): string[] {
  return [
    ...(cluster === null ? [] : [`on ${cluster}`]),
    ...(acknowledged ? [`acknowledged by ${acknowledged.by}`] : []),
    ...(silence ? ["silenced"] : []),
    ...(explainedBy ? [`explained by: ${explainedBy.sentence}`] : []),
    ...(explains > 0 ? [`explains ${plural(explains, "other alert", "other alerts")}`] : []),
  ]
}

/** Seconds would only flicker beside the sentence. */
function wholeMinutes(ms: number): string {
  return duration(Math.max(1, Math.floor(ms / 60_000)) * 60_000)
}

interface IncidentProps {
  tone: Tone
  badge: ReactNode
  href: string
  /** What it is about. */
  name: string
  sentence: string
  remarks?: string
  /** How it came about. */
  trend?: ReactNode
  since?: ReactNode
  children?: ReactNode
}

function Incident(props: IncidentProps) {
  return (
    <li className={`incident ${props.tone}`}>
      <span>{props.badge}</span>
      <span className="said wrap">
        <Link href={props.href}>{props.name}</Link>
        {props.remarks && <span className="quiet"> {props.remarks}</span>}
        <br />
        {props.sentence}
      </span>
      <span className="trend">{props.trend}</span>
      <span className="quiet since">{props.since}</span>
      <span className="row tight">
        {props.children}
        <Link href={props.href} className="field" aria-label={`Open ${props.name}`}>
          Open
        </Link>
      </span>
    </li>
  )
}
