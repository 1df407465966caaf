"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { GROUP_STATUSES } from "#server/group-status.ts"
import { useTRPC } from "../trpc/client.tsx"
import type { RouterOutputs } from "../trpc/types.ts"
import { TONES } from "../ui/chart/tones.ts"
import { plural } from "../ui/format.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { type Column, Table } from "../ui/table.tsx"
import { clusterColumns } from "./clusters/columns.tsx"
import { useSystemNames } from "./systems.ts"

/** More are on a page of their own. */
const SHOWN = 12
/** What the overview says of a cluster, by the keys of the columns; the rest is on its page. */
const LEFT_OUT = ["source", "destinations", "partitions"]

type Rates = RouterOutputs["clusters"]["rates"][number]

/** Every cluster as a row, those with trouble first. */
export function ClusterRows({ clusters }: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const nameOf = useSystemNames()
  const rates = useQuery(trpc.clusters.rates.queryOptions({}))
  const rows = clusters.toSorted((a, b) => worstOf(b) - worstOf(a) || a.name.localeCompare(b.name))
  const columns = clusterColumns(nameOf).flatMap((column) => {
    if (LEFT_OUT.includes(column.key)) return []
    if (column.key === "in") return [column, trend("produced", rates.data)]
    return column.key === "out" ? [column, trend("consumed", rates.data)] : [column]
  })
  return (
    <section className="panel" aria-label="Clusters">
      <div className="row tools">
        <h2 className="grow">Clusters</h2>
        <Link href="/clusters">
          {rows.length > SHOWN ? `All ${plural(rows.length, "cluster", "clusters")}` : "All clusters"}
        </Link>
      </div>
      <Table label="Clusters" columns={columns} rows={rows.slice(0, SHOWN)} keyOf={(row) => row.slug} />
    </section>
  )
}

function trend(which: "produced" | "consumed", rates: readonly Rates[] = []): Column<ClusterSummary> {
  return {
    key: `${which} trend`,
    label: `${which === "produced" ? "Produced" : "Consumed"}, last hour`,
    cell: ({ slug, name }) => (
      <Sparkline
        values={rates.find((one) => one.cluster === slug)?.[which] ?? []}
        label={`Messages ${which} per second on ${name}, last hour`}
        tone={TONES[which]}
      />
    ),
  }
}

/** How bad the worst of a cluster is: not to be asked, brokers missing, then the worst status of its groups. */
function worstOf({ freshness, nodes, groupsByStatus }: ClusterSummary): number {
  if (freshness.error !== null) return 100
  const missing = nodes !== null && nodes.online < nodes.total ? 50 : 0
  return missing + GROUP_STATUSES.findLastIndex((status) => (groupsByStatus[status] ?? 0) > 0)
}
