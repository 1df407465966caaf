"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ReactNode } from "react"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import type { RouterOutputs } from "../trpc/types.ts"
import { duration, exactMoment } from "../ui/format.ts"
import { Mark } from "../ui/mark.tsx"
import { useNow } from "../ui/now.ts"
import { Query } from "../ui/states.tsx"
import { alertPath } from "./alerts/alert-path.ts"
import { firing } from "./alerts/input.ts"
import { SeverityMark } from "./alerts/severity.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { clusterPath } from "./paths.ts"

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
        {({ rows, total }) => (
          <>
            {rows.length + unreachable.length === 0 && <p className="quiet">Nothing: no alert is firing.</p>}
            <ul className="needs">
              {unreachable.map((cluster) => (
                <Need key={cluster.slug} what={<Unreachable />}>
                  <Link href={clusterPath(cluster.slug)}>{cluster.name}</Link> {cluster.freshness.error}
                </Need>
              ))}
              {rows.map((alert) => (
                <FiringAlert key={alert.id} alert={alert} />
              ))}
            </ul>
            {total > rows.length && <Link href="/alerts">and {total - rows.length} more</Link>}
          </>
        )}
      </Query>
    </section>
  )
}

function FiringAlert({ alert }: { alert: Alert }) {
  const now = useNow()
  const since = alert.firedAt ?? alert.startedAt
  return (
    <Need
      what={<SeverityMark severity={alert.severity} />}
      since={<span title={exactMoment(since)}>{now !== null && `for ${wholeMinutes(now - since)}`}</span>}
    >
      <Link href={alertPath(alert) ?? "/alerts"}>{alert.sentence}</Link>{" "}
      <span className="quiet">{remarks(alert).join(" · ")}</span>
    </Need>
  )
}

function remarks({ cluster, acknowledged, silence }: Alert): string[] {
  return [
    ...(cluster === null ? [] : [`on ${cluster}`]),
    ...(acknowledged ? [`acknowledged by ${acknowledged.by}`] : []),
    ...(silence ? ["silenced"] : []),
  ]
}

/** Seconds would only flicker beside the sentence. */
function wholeMinutes(ms: number): string {
  return duration(Math.max(1, Math.floor(ms / 60_000)) * 60_000)
}

function Need(props: { what: ReactNode; since?: ReactNode; children: ReactNode }) {
  return (
    <li>
      {props.what}
      <span className="said">{props.children}</span>
      <span className="quiet since">{props.since}</span>
    </li>
  )
}

function Unreachable() {
  return (
    <span>
      <Mark look={{ shape: "cross", tone: "bad" }}>unreachable</Mark>
    </span>
  )
}
