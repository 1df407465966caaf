import Link from "next/link"
import { count, rate } from "#app/ui/format.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import { Age } from "#app/ui/states.tsx"
import { Status } from "#app/ui/status.tsx"
import type { Column } from "#app/ui/table.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { GROUP_STATUSES } from "#server/group-status.ts"
import { rateBound } from "../group-bounds.ts"
import { clusterPath } from "../paths.ts"
import { EnvironmentTag } from "./environment-tag.tsx"

export function clusterColumns(nameOf: (system: string) => string): Column<ClusterSummary>[] {
  return [
    {
      key: "name",
      label: "Cluster",
      cell: (row) => (
        <span className="row tight">
          <Link href={clusterPath(row.slug)} className="name">
            {row.name}
          </Link>
          {row.environment && <EnvironmentTag word={row.environment} />}
        </span>
      ),
    },
    { key: "system", label: "System", cell: (row) => `${nameOf(row.system)} ${row.version ?? ""}` },
    { key: "nodes", label: "Nodes", numeric: true, cell: (row) => <Nodes nodes={row.nodes} /> },
    numberColumn("destinations", {
      label: "Topics",
      of: (row) => row.destinations,
      as: count,
      why: WHY.groups,
    }),
    numberColumn("partitions", {
      label: "Partitions",
      of: (row) => row.partitions,
      as: count,
      why: WHY.groups,
    }),
    { key: "groups", label: "Groups", cell: (row) => <Groups cluster={row} /> },
    numberColumn("in", {
      label: "Produced, last 1 min",
      of: (row) => row.produceRate,
      as: rate,
      why: WHY.rate,
      bound: (row) => rateBound(row.produceRatePartial),
    }),
    numberColumn("out", {
      label: "Consumed, last 1 min",
      of: (row) => row.consumeRate,
      as: rate,
      why: WHY.rate,
      bound: (row) => rateBound(row.consumeRatePartial),
    }),
    { key: "source", label: "From", cell: (row) => (row.source === "file" ? "signalbox.yaml" : "this page") },
    { key: "age", label: "Sampled", cell: (row) => <Age freshness={row.freshness} /> },
  ]
}

function Nodes({ nodes }: { nodes: ClusterSummary["nodes"] }) {
  if (nodes === null) return <Value of={null} as={String} why={WHY.version} />
  const missing = nodes.online < nodes.total
  return (
    <span className={missing ? "bad" : undefined}>
      {missing && "✕ "}
      {nodes.online} of {nodes.total}
    </span>
  )
}

/** How many groups are in which state, the worst first. */
function Groups({ cluster }: { cluster: ClusterSummary }) {
  const present = GROUP_STATUSES.filter((status) => (cluster.groupsByStatus[status] ?? 0) > 0).reverse()
  if (present.length === 0) return <Value of={cluster.groups} as={() => "none"} why={WHY.groups} />
  return (
    <span className="row tight">
      {present.map((status) => (
        <Status key={status} status={status} count={cluster.groupsByStatus[status] ?? 0} />
      ))}
    </span>
  )
}
