"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { groupPath, topicPath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, duration } from "#app/ui/format.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { Status } from "#app/ui/status.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import { GROUP_STATUSES, type GroupStatus } from "#server/group-status.ts"
import type { ServicePeer } from "#server/traces/index.ts"
import { errorsColumn, p95Column, slowestColumn } from "../columns.tsx"
import type { OfService } from "./of-service.ts"

const WORDS = { calls: "calls", queries: "queries", sends: "produces to", receives: "consumes from" } as const

/** Hosts, databases and destinations that the service uses; of what it consumes, the groups with their lag. */
export function Dependencies({ of }: { of: OfService }) {
  const query = useQuery({ ...useTRPC().traces.peers.queryOptions(of), placeholderData: keepPreviousData })
  return (
    <section className="panel" aria-label="Dependencies">
      <Query of={query}>
        {(peers) =>
          peers.length === 0 ? (
            <Empty>No span of this service names a host, a database or a destination.</Empty>
          ) : (
            <Table
              label="Dependencies"
              columns={COLUMNS}
              rows={peers}
              keyOf={(row) => `${row.role} ${row.system} ${row.name} ${row.reader}`}
            />
          )
        }
      </Query>
    </section>
  )
}

const COLUMNS: Column<ServicePeer>[] = [
  {
    key: "what",
    label: "Dependency",
    cell: (row) => (
      <span>
        <span className="quiet">{WORDS[row.role]}</span> <span className="strong wrap">{row.name}</span>
      </span>
    ),
  },
  {
    key: "system",
    label: "System",
    cell: (row) => (row.system === "" ? "–" : <span className="tag">{row.system}</span>),
  },
  { key: "calls", label: "Calls", numeric: true, cell: (row) => count(row.calls) },
  errorsColumn<ServicePeer>(),
  p95Column<ServicePeer>(),
  slowestColumn<ServicePeer>(),
  { key: "where", label: "Topic and groups", cell: (row) => <Places peer={row} /> },
]

function Places({ peer }: { peer: ServicePeer }) {
  const { clusters, groups, name, isGuess } = peer
  if (clusters.length === 0) return null
  return (
    <div className="stack-tight">
      {clusters.map((cluster) => (
        <Link key={cluster} href={topicPath(cluster, name)}>
          {name} on {cluster}
        </Link>
      ))}
      {isGuess && groups.length > 0 && (
        <span className="quiet help">Its spans name no group; these have a commit on the topic:</span>
      )}
      {groups.map((one) => (
        <span key={`${one.cluster} ${one.group}`} className="row tight">
          <Link href={groupPath(one.cluster, one.group)}>{one.group}</Link>
          {isStatus(one.status) && <Status status={one.status} />}
          <span className="quiet">
            lag <Value of={one.lag} as={count} why={WHY.lag} />, time lag{" "}
            <Value of={one.timeLagMs} as={duration} why={WHY.timeLag} />
          </span>
        </span>
      ))}
    </div>
  )
}

function isStatus(status: string): status is GroupStatus {
  return GROUP_STATUSES.some((one) => one === status)
}
