"use client"

import { bytes, count, exact, rate } from "#app/ui/format.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import { Empty } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { DestinationDetail } from "#server/clusters/index.ts"

type Row = DestinationDetail["partitionList"][number]

const COLUMNS: Column<Row>[] = [
  { key: "index", label: "Partition", numeric: true, cell: (row) => row.index },
  {
    key: "leader",
    label: "Leader",
    numeric: true,
    cell: (row) => (row.leader === null ? <span className="bad">✕ none</span> : row.leader),
  },
  { key: "replicas", label: "Replicas", cell: (row) => <Replicas row={row} /> },
  numberColumn("start", { label: "Start", of: (row) => row.start, as: exact, why: WHY.offset }),
  numberColumn("end", { label: "End", of: (row) => row.end, as: exact, why: WHY.offset }),
  numberColumn("kept", { label: "Messages kept", of: (row) => kept(row), as: count, why: WHY.messages }),
  numberColumn("bytes", { label: "Size", of: (row) => row.bytes, as: bytes, why: WHY.bytes }),
  numberColumn("rate", { label: "Written", of: (row) => row.rate, as: rate, why: WHY.rate }),
  { key: "share", label: "Share of writes", cell: () => null },
]

/** Where each partition is, and how the writes are spread over them. */
export function TopicPartitions({ topic }: { topic: DestinationDetail }) {
  const rows = topic.partitionList
  if (rows.length === 0) {
    return <Empty>The partitions could not be read now; what was known before is on the other tabs.</Empty>
  }
  const all = rows.reduce((sum, row) => sum + (row.rate ?? 0), 0)
  const columns = COLUMNS.map((column) =>
    column.key === "share"
      ? {
          ...column,
          cell: (row: Row) => <Share share={all > 0 && row.rate !== null ? row.rate / all : null} />,
        }
      : column,
  )
  return (
    <section className="panel" aria-label="Partitions">
      <Table label="Partitions" columns={columns} rows={rows} keyOf={(row) => String(row.index)} />
    </section>
  )
}

/** The replicas in order of preference; the ones that are behind or away carry a word. */
function Replicas({ row }: { row: Row }) {
  return (
    <span>
      {row.replicas.map((node, i) => {
        const word = row.offlineReplicas.includes(node)
          ? "offline"
          : row.isr.includes(node)
            ? null
            : "not in sync"
        return (
          <span key={node} className={word ? "bad" : undefined}>
            {i > 0 && ", "}
            {node}
            {word && ` (${word})`}
          </span>
        )
      })}
    </span>
  )
}

function Share({ share }: { share: number | null }) {
  if (share === null) return <Value of={share} as={String} why={WHY.rate} />
  const percent = Math.round(share * 100)
  return (
    <span className="share">
      <span aria-hidden="true" style={{ width: `${Math.max(1, percent)}%` }} />
      {percent} %
    </span>
  )
}

function kept(row: Row): number | null {
  return row.start === null || row.end === null ? null : row.end - row.start
}
