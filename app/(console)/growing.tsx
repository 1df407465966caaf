"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import type { RouterOutputs } from "../trpc/types.ts"
import { percent, rate } from "../ui/format.ts"
import { Empty, Query } from "../ui/states.tsx"
import { type Column, Table } from "../ui/table.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { topicPath } from "./paths.ts"

type Row = RouterOutputs["alerts"]["trends"]["growing"][number]

const COLUMNS: Column<Row>[] = [
  {
    key: "name",
    label: "Topic",
    cell: (row) => (
      <Link href={topicPath(row.cluster, row.destination)} className="name wrap">
        {row.destination}
      </Link>
    ),
  },
  { key: "before", label: "Produced before", numeric: true, cell: (row) => rate(row.before) },
  { key: "now", label: "Now", numeric: true, cell: (row) => rate(row.now) },
  {
    key: "more",
    label: "Growth",
    numeric: true,
    cell: (row) => (
      <span title={`${rate(row.now - row.before)} more`}>
        {row.before > 0 ? `+${percent((row.now - row.before) / row.before)}` : "new"}
      </span>
    ),
  },
]

/** The destinations whose produce rate grew most within the last hour. */
export function Growing({ clusters }: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const trends = useQuery(trpc.alerts.trends.queryOptions({ clusters: useClusterFilter() }))
  const nameOf = (slug: string) => clusters.find((one) => one.slug === slug)?.name ?? slug
  const cluster: Column<Row> = { key: "cluster", label: "Cluster", cell: (row) => nameOf(row.cluster) }
  return (
    <section className="panel" aria-label="Fastest growing topics">
      <div className="row tools">
        <h2 className="grow">Fastest growing topics</h2>
        <span className="quiet help">last 5 min and the first 5 min of the last hour</span>
      </div>
      <Query of={trends}>
        {({ growing }) =>
          growing.length === 0 ? (
            <Empty>No topic receives more than before.</Empty>
          ) : (
            <Table
              label="Fastest growing topics"
              columns={clusters.length > 1 ? [...COLUMNS.slice(0, 1), cluster, ...COLUMNS.slice(1)] : COLUMNS}
              rows={growing}
              keyOf={(row) => `${row.cluster} ${row.destination}`}
            />
          )
        }
      </Query>
    </section>
  )
}
