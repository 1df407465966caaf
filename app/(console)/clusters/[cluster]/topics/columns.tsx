import Link from "next/link"
import { messagesBound, rateBound } from "#app/(console)/group-bounds.ts"
import { topicPath } from "#app/(console)/paths.ts"
import { bytes, count, rate } from "#app/ui/format.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import type { Column } from "#app/ui/table.tsx"
import { WHY } from "#app/ui/value.tsx"
import type { SystemWords } from "#server/brokers/system.ts"
import type { DestinationRow } from "#server/clusters/index.ts"
import { Health } from "./health.tsx"
import { retention } from "./retention.ts"

/** The columns of the list of topics, named with the system's own words. */
export function topicColumns(cluster: string, words: SystemWords): Column<DestinationRow>[] {
  return [
    {
      key: "name",
      label: words.destination.one.replace(/^./, (letter) => letter.toUpperCase()),
      sort: "name",
      card: "name",
      text: (row) => row.name,
      cell: (row) => (
        <span>
          <Link href={topicPath(cluster, row.name)} className="name">
            {row.name}
          </Link>
          {row.internal && <span className="quiet"> internal</span>}
        </span>
      ),
    },
    {
      key: "health",
      label: "Health",
      card: "badge",
      text: (row) => row.health,
      cell: (row) => <Health health={row.health} words={words} />,
    },
    {
      key: "partitions",
      label: "Partitions",
      sort: "partitions",
      numeric: true,
      card: "number",
      text: (row) => row.partitions,
      cell: (row) => (
        <span>
          {count(row.partitions)}
          <span className="quiet"> × {row.replicationFactor ?? "?"}</span>
        </span>
      ),
    },
    numberColumn("rate", {
      label: "Produced, last 1 min",
      sort: "rate",
      card: "number",
      of: (row) => row.produceRate,
      as: rate,
      why: WHY.rate,
      bound: (row) => rateBound(row.produceRatePartial),
    }),
    numberColumn("messages", {
      label: "Messages kept",
      sort: "messages",
      of: (row) => row.offsets,
      bound: messagesBound,
      as: count,
      why: WHY.messages,
    }),
    numberColumn("bytes", {
      label: "Size",
      sort: "bytes",
      card: "number",
      of: (row) => row.bytes,
      as: bytes,
      why: WHY.bytes,
    }),
    { key: "retention", label: "Retention", sort: "retention", numeric: true, cell: retention },
    {
      key: "groups",
      label: "Groups",
      sort: "groups",
      numeric: true,
      text: (row) => row.groups,
      cell: (row) => count(row.groups),
    },
  ]
}
