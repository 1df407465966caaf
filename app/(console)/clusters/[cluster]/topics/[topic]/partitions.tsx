"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { rateBound } from "#app/(console)/group-bounds.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { bytes, count, exact, rate } from "#app/ui/format.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { DestinationPartition } from "#server/clusters/index.ts"
import { PARTITION_KEYS, partitionParams } from "./search-params.ts"
import type { TopicKey } from "./topic-key.ts"

type Row = DestinationPartition

const PAGE_SIZE = 200
const NEW = "A new partition: the next sweep reads its offsets."

const boundOf = (row: Row) => ({ mark: null, note: row.isNew ? NEW : "" })

const COLUMNS: Column<Row>[] = [
  {
    key: "index",
    label: "Partition",
    sort: "index",
    numeric: true,
    text: (row) => row.index,
    cell: (row) => row.index,
  },
  {
    key: "leader",
    label: "Leader",
    numeric: true,
    text: (row) => row.leader,
    cell: (row) => (row.leader === null ? <span className="bad">✕ none</span> : row.leader),
  },
  {
    key: "replicas",
    label: "Replicas",
    text: (row) => row.replicas.join(" "),
    cell: (row) => <Replicas row={row} />,
  },
  offsetColumn("start", "Start"),
  offsetColumn("end", "End"),
  numberColumn("offsets", {
    label: "Messages kept",
    sort: "offsets",
    of: (row) => row.offsets,
    as: count,
    why: WHY.messages,
    bound: boundOf,
  }),
  numberColumn("bytes", { label: "Size", sort: "bytes", of: (row) => row.bytes, as: bytes, why: WHY.bytes }),
  numberColumn("rate", {
    label: "Produced, last 1 min",
    sort: "rate",
    of: (row) => row.rate,
    as: rate,
    why: WHY.rate,
    bound: (row) => (row.isNew ? boundOf(row) : rateBound(row.ratePartial)),
  }),
]

function offsetColumn(key: "start" | "end", label: string): Column<Row> {
  return numberColumn(key, {
    label,
    sort: key,
    of: (row: Row) => row[key],
    as: exact,
    why: WHY.offset,
    bound: boundOf,
  })
}

/** Where each partition is, and how the writes are spread over them. */
export function TopicPartitions(props: TopicKey) {
  const trpc = useTRPC()
  const [order, setOrder] = useQueryStates(partitionParams, { history: "push", urlKeys: PARTITION_KEYS })
  const query = useQuery({
    ...trpc.destinations.partitions.queryOptions({ ...props, ...order, pageSize: PAGE_SIZE }),
    placeholderData: keepPreviousData,
  })
  return (
    <Query of={query}>
      {({ rows, total, rate, ratePartial }) =>
        total === 0 ? (
          <Empty>The partitions could not be read now; what was known before is on the other tabs.</Empty>
        ) : (
          <section className="panel" aria-label="Partitions">
            <DataTable
              name="topic-partitions"
              label="Partitions"
              columns={[...COLUMNS, shareColumn(ratePartial ? null : rate)]}
              rows={rows}
              keyOf={(row) => String(row.index)}
              order={order}
              setOrder={(one) => void setOrder(one as Partial<typeof order>)}
              total={total}
              pageSize={PAGE_SIZE}
            />
          </section>
        )
      }
    </Query>
  )
}

/** null: what is written to all partitions is not known, so that no partition's share is. */
function shareColumn(all: number | null): Column<Row> {
  return {
    key: "share",
    label: "Share of writes",
    cell: (row) => <Share share={all !== null && all > 0 && row.rate !== null ? row.rate / all : null} />,
  }
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
