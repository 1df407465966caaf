"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ClusterSummary } from "#server/clusters/views.ts"
import { useTRPC } from "../trpc/client.tsx"
import { duration, exactMoment } from "../ui/format.ts"
import { useNow } from "../ui/now.ts"
import { Query } from "../ui/states.tsx"
import { Status } from "../ui/status.tsx"
import { clusterPath, groupPath } from "./paths.ts"

const BAD = { status: ["losing", "stopped", "stalled", "rewound", "behind"], pageSize: 12 } as const

/** What is wrong now, worst first: groups in trouble and what is wrong with the clusters themselves. */
export function NeedsYou(props: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const now = useNow()
  const groups = useQuery(trpc.groups.list.queryOptions({ ...BAD, status: [...BAD.status] }))
  const findings = props.clusters.flatMap((cluster) =>
    cluster.findings.filter((finding) => finding.level !== "info").map((finding) => ({ cluster, finding })),
  )
  const failing = props.clusters.filter((cluster) => cluster.freshness.error !== null)
  return (
    <section className="panel" aria-label="Needs you">
      <h2>Needs you</h2>
      <Query of={groups}>
        {({ rows, total }) => (
          <>
            {rows.length + findings.length + failing.length === 0 && (
              <p className="quiet">Nothing: every group keeps up, every cluster is well.</p>
            )}
            <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
              {failing.map((cluster) => (
                <li key={cluster.slug} className="row" style={{ padding: "0.25rem 0" }}>
                  <span className="status bad">
                    <span aria-hidden="true">✕</span> unreachable
                  </span>
                  <Link href={clusterPath(cluster.slug)}>{cluster.name}</Link>
                  <span className="grow">{cluster.freshness.error}</span>
                </li>
              ))}
              {findings.map(({ cluster, finding }) => (
                <li
                  key={`${cluster.slug} ${finding.message}`}
                  className="row"
                  style={{ padding: "0.25rem 0" }}
                >
                  <span className={`status ${finding.level === "bad" ? "bad" : "warn"}`}>
                    <span aria-hidden="true">▲</span> {finding.kind.replaceAll("-", " ")}
                  </span>
                  <Link href={clusterPath(cluster.slug)}>{cluster.name}</Link>
                  <span className="grow">{finding.message}</span>
                </li>
              ))}
              {rows.map((group) => (
                <li key={`${group.cluster} ${group.name}`} className="row" style={{ padding: "0.25rem 0" }}>
                  <span style={{ width: "6rem" }}>
                    <Status status={group.verdict.status} />
                  </span>
                  <span className="grow">
                    <Link href={groupPath(group.cluster, group.name)}>{group.verdict.sentence}</Link>{" "}
                    <span className="quiet">on {group.clusterName}</span>
                  </span>
                  <span className="quiet" title={exactMoment(group.verdict.since)}>
                    {now !== null && `for ${duration(now - group.verdict.since)}`}
                  </span>
                </li>
              ))}
            </ul>
            {total > rows.length && <Link href="/lag">and {total - rows.length} more</Link>}
          </>
        )}
      </Query>
    </section>
  )
}
