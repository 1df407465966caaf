"use client"

import { keepPreviousData, useQueries } from "@tanstack/react-query"
import Link from "next/link"
import type { ClusterSummary, DestinationRow } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { count, rate } from "../ui/format.ts"
import { Empty } from "../ui/states.tsx"
import { type Column, Table } from "../ui/table.tsx"
import { Value, WHY } from "../ui/value.tsx"
import { messagesBound, rateBound } from "./group-bounds.ts"
import { topicPath } from "./paths.ts"

const SHOWN = 6
/** Clusters that are asked, the busiest first. */
const MAX_CLUSTERS = 5

interface Row extends DestinationRow {
  cluster: ClusterSummary
}

const COLUMNS: Column<Row>[] = [
  {
    key: "name",
    label: "Topic",
    cell: (row) => (
      <Link href={topicPath(row.cluster.slug, row.name)} className="name wrap">
        {row.name}
      </Link>
    ),
  },
  {
    key: "in",
    label: "Produced, last 1 min",
    numeric: true,
    cell: (row) => (
      <Value of={row.produceRate} as={rate} why={WHY.rate} bound={rateBound(row.produceRatePartial)} />
    ),
  },
  {
    key: "messages",
    label: "Messages",
    numeric: true,
    cell: (row) => <Value of={row.offsets} as={count} why={WHY.messages} bound={messagesBound(row)} />,
  },
  { key: "groups", label: "Groups", numeric: true, cell: (row) => count(row.groups) },
]

const CLUSTER: Column<Row> = { key: "cluster", label: "Cluster", cell: (row) => row.cluster.name }

/** What most is produced to, over the busiest clusters. */
export function Busiest({ clusters }: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const asked = clusters
    .toSorted((a, b) => (b.produceRate ?? 0) - (a.produceRate ?? 0))
    .slice(0, MAX_CLUSTERS)
  const lists = useQueries({
    queries: asked.map(({ slug }) => ({
      ...trpc.destinations.list.queryOptions({
        cluster: slug,
        sort: "rate",
        dir: "desc",
        pageSize: SHOWN,
      }),
      placeholderData: keepPreviousData,
    })),
  })
  const rows = asked
    .flatMap((cluster, i) => (lists[i]?.data?.rows ?? []).map((row): Row => ({ ...row, cluster })))
    .toSorted((a, b) => (b.produceRate ?? -1) - (a.produceRate ?? -1))
    .slice(0, SHOWN)
  return (
    <section className="panel" aria-label="Busiest topics">
      <div className="row tools">
        <h2 className="grow">Busiest topics</h2>
        {clusters.length > MAX_CLUSTERS && (
          <span className="quiet">of the {MAX_CLUSTERS} busiest clusters</span>
        )}
      </div>
      {rows.length === 0 ? (
        <Empty>No topics yet.</Empty>
      ) : (
        <Table
          label="Busiest topics"
          columns={clusters.length > 1 ? [...COLUMNS.slice(0, 1), CLUSTER, ...COLUMNS.slice(1)] : COLUMNS}
          rows={rows}
          keyOf={(row) => `${row.cluster.slug} ${row.name}`}
        />
      )}
    </section>
  )
}
