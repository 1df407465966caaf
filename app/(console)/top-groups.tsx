"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { GroupRow } from "#server/lag/queries/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { count, duration } from "../ui/format.ts"
import { shownName } from "../ui/name.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { Empty, Query } from "../ui/states.tsx"
import { Status } from "../ui/status.tsx"
import { type Column, Table } from "../ui/table.tsx"
import { Value, WHY } from "../ui/value.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { lagBound, timeLagBound } from "./group-bounds.ts"
import { groupPath } from "./paths.ts"

const SHOWN = 6

const COLUMNS: Column<GroupRow>[] = [
  {
    key: "name",
    label: "Group",
    cell: (row) => (
      <Link href={groupPath(row.cluster, row.name)} className="name wrap">
        {shownName(row.name)}
      </Link>
    ),
  },
  { key: "status", label: "Status", cell: (row) => <Status status={row.verdict.status} /> },
  {
    key: "lag",
    label: "Lag",
    numeric: true,
    cell: (row) => <Value of={row.lag} as={count} why={WHY.lag} bound={lagBound(row)} />,
  },
  {
    key: "timeLag",
    label: "Time lag",
    numeric: true,
    cell: (row) => <Value of={row.timeLag} as={duration} why={WHY.timeLag} bound={timeLagBound(row)} />,
  },
  {
    key: "spark",
    label: "Lag, last hour",
    cell: (row) => <Sparkline values={row.spark} label={`Lag of ${row.name}, last hour`} />,
  },
]

const CLUSTER: Column<GroupRow> = { key: "cluster", label: "Cluster", cell: (row) => row.clusterName }

/** The groups with the most unread messages, with their cluster where there are many. */
export function TopGroups(props: { ofMany: boolean }) {
  const trpc = useTRPC()
  const clusters = useClusterFilter()
  const query = useQuery({
    ...trpc.groups.list.queryOptions({ clusters, sort: "lag", dir: "desc", pageSize: SHOWN }),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel" aria-label="Top lagging groups">
      <div className="row tools">
        <h2 className="grow">Top lagging groups</h2>
        <Link href="/lag">All groups</Link>
      </div>
      <Query of={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty>No consumer group has committed offsets yet.</Empty>
          ) : (
            <Table
              label="Top lagging groups"
              columns={props.ofMany ? [...COLUMNS.slice(0, 1), CLUSTER, ...COLUMNS.slice(1)] : COLUMNS}
              rows={rows}
              keyOf={(row) => `${row.cluster} ${row.name}`}
            />
          )
        }
      </Query>
    </section>
  )
}
