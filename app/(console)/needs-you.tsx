"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ReactNode } from "react"
import type { ClusterSummary } from "#server/clusters/index.ts"
import type { FailureRow } from "#server/failures/index.ts"
import type { GroupStatus } from "#server/group-status.ts"
import type { GroupRow } from "#server/lag/queries/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { count, duration, exactMoment } from "../ui/format.ts"
import { useNow } from "../ui/now.ts"
import { Query } from "../ui/states.tsx"
import { Status } from "../ui/status.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { waiting } from "./failures/input.ts"
import { inTrouble } from "./group-params.ts"
import { clusterPath, failurePath, groupPath } from "./paths.ts"

/** What is wrong now, worst first: groups in trouble and what is wrong with the clusters themselves. */
export function NeedsYou(props: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const chosen = useClusterFilter()
  const groups = useQuery(trpc.groups.list.queryOptions(inTrouble(chosen)))
  const failures = useQuery(trpc.failures.list.queryOptions(waiting(chosen)))
  const died = failures.data?.rows ?? []
  const failing = props.clusters.filter((cluster) => cluster.freshness.error !== null)
  const findings = props.clusters.flatMap((cluster) =>
    cluster.findings.filter((finding) => finding.level !== "info").map((finding) => ({ cluster, finding })),
  )
  return (
    <section className="panel" aria-label="Needs attention">
      <h2>Needs attention</h2>
      <Query of={groups}>
        {({ rows, total }) => (
          <>
            {rows.length + findings.length + failing.length + died.length === 0 && (
              <p className="quiet">
                Nothing: all groups keep up, no message failed, all clusters are healthy.
              </p>
            )}
            <ul className="needs">
              {failing.map((cluster) => (
                <Need key={cluster.slug} what={<Shape tone="bad" shape="✕" word="unreachable" />}>
                  <Link href={clusterPath(cluster.slug)}>{cluster.name}</Link> {cluster.freshness.error}
                </Need>
              ))}
              {findings.map(({ cluster, finding }) => (
                <Need
                  key={`${cluster.slug} ${finding.message}`}
                  what={
                    <Shape
                      tone={finding.level === "bad" ? "bad" : "warn"}
                      shape="▲"
                      word={finding.kind.replaceAll("-", " ")}
                    />
                  }
                >
                  <Link href={clusterPath(cluster.slug)}>{cluster.name}</Link> {finding.message}
                </Need>
              ))}
              {rows
                .filter((group) => isUrgent(group))
                .map((group) => (
                  <GroupInTrouble key={`${group.cluster} ${group.name}`} group={group} />
                ))}
              {died.map((failure) => (
                <Died key={failure.id} failure={failure} />
              ))}
              {rows
                .filter((group) => !isUrgent(group))
                .map((group) => (
                  <GroupInTrouble key={`${group.cluster} ${group.name}`} group={group} />
                ))}
            </ul>
            {total > rows.length && <Link href="/lag">and {total - rows.length} more</Link>}
          </>
        )}
      </Query>
    </section>
  )
}

/** Lost or standing messages come before failed ones, these before groups that still move. */
function isUrgent(group: GroupRow): boolean {
  const urgent: GroupStatus[] = ["losing", "stopped", "stalled", "invalid"]
  return urgent.includes(group.verdict.status)
}

function GroupInTrouble({ group }: { group: GroupRow }) {
  const now = useNow()
  const { status, sentence, since } = group.verdict
  return (
    <Need
      what={<Status status={status} />}
      since={<span title={exactMoment(since)}>{now !== null && `for ${wholeMinutes(now - since)}`}</span>}
    >
      <Link href={groupPath(group.cluster, group.name)}>{sentence}</Link>{" "}
      <span className="quiet">on {group.clusterName}</span>
    </Need>
  )
}

function Died({ failure }: { failure: FailureRow }) {
  const now = useNow()
  const who = failure.consumerGroup ?? failure.destination
  const why = failure.message || failure.type || "it is not said why"
  return (
    <Need
      what={<Shape tone="warn" shape="▲" word="failing" />}
      since={
        <span title={exactMoment(failure.firstSeenAt)}>
          {now !== null && `for ${wholeMinutes(now - failure.firstSeenAt)}`}
        </span>
      }
    >
      <Link href={failurePath(failure.cluster, failure.id)}>
        {who}: {why}
      </Link>{" "}
      <span className="quiet">
        {count(failure.messages)} dead, on {failure.clusterName}
      </span>
    </Need>
  )
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

function Shape(props: { tone: "bad" | "warn"; shape: string; word: string }) {
  return (
    <span className={`status ${props.tone}`}>
      <span aria-hidden="true">{props.shape}</span> {props.word}
    </span>
  )
}
