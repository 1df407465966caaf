"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import type { ReactNode } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { count, duration, exact, exactMoment, forecast, plural, rate } from "#app/ui/format.ts"
import { useNow } from "#app/ui/now.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import { type Bound, Value, WHY } from "#app/ui/value.tsx"
import type { Forecast, GroupDetail, PartitionRow } from "#server/lag/queries/index.ts"
import { groupPageParams } from "./search-params.ts"

const PAGE_SIZE = 200
const SOURCES = {
  history: "from the history of end offsets, interpolated between samples",
  record: "from the timestamp of the oldest unread record",
  none: "not known: history does not reach back, and the record could not be read",
}

function columns(now: number | null): Column<PartitionRow>[] {
  return [
    {
      key: "destination",
      label: "Topic",
      card: "name",
      text: (row) => row.destination,
      cell: (row) => row.destination,
    },
    {
      key: "partition",
      label: "Partition",
      sort: "partition",
      numeric: true,
      card: "number",
      text: (row) => row.partition,
      cell: (row) => row.partition,
    },
    {
      key: "committed",
      label: "Committed",
      numeric: true,
      text: (row) => row.committed,
      cell: committed,
    },
    numberColumn("end", { label: "End", sort: "end", of: (row) => row.end, as: exact, why: WHY.offset }),
    numberColumn("lag", {
      label: "Lag",
      sort: "lag",
      card: "number",
      of: (row) => row.lag,
      as: count,
      why: WHY.lag,
      bound: heldBound,
    }),
    {
      key: "timeLag",
      label: "Time lag",
      sort: "timeLag",
      numeric: true,
      card: "number",
      text: (row) => row.timeLag,
      cell: (row) => (
        <span title={row.lag ? SOURCES[row.timeLagSource] : undefined}>
          <Value of={row.timeLag} as={duration} why={row.noCommit ? NO_COMMIT : WHY.timeLag} />
          {row.timeLagSource === "record" ? " ◆" : ""}
        </span>
      ),
    },
    numberColumn("rate", {
      label: "Consumed, last 1 min",
      sort: "consumeRate",
      of: (row) => row.consumeRate,
      as: rate,
      why: WHY.rate,
    }),
    {
      key: "caught",
      label: "Catches up in",
      numeric: true,
      cell: (row) => <Foreseen row={row} of={row.caughtUpIn} />,
    },
    {
      key: "lostIn",
      label: "Data loss in",
      numeric: true,
      cell: (row) => <Foreseen row={row} of={row.lostIn} />,
    },
    numberColumn("lost", {
      label: "Lost",
      sort: "lost",
      of: (row) => row.lost,
      as: count,
      why: WHY.lost,
      bad: true,
    }),
    {
      key: "member",
      label: "Member",
      card: "line",
      text: (row) => row.member?.clientId ?? null,
      cell: (row) =>
        row.member ? `${row.member.clientId} (${row.member.host})` : <span className="quiet">no member</span>,
    },
    {
      key: "commit",
      label: "Last commit",
      numeric: true,
      text: (row) => (row.lastCommitAt === null ? null : new Date(row.lastCommitAt).toISOString()),
      cell: (row) => (
        <span title={row.lastCommitAt ? exactMoment(row.lastCommitAt) : "not within the last five minutes"}>
          {row.lastCommitAt === null || now === null
            ? "> 5 m ago"
            : `${duration(Math.max(0, now - row.lastCommitAt))} ago`}
        </span>
      ),
    },
  ]
}

const NO_COMMIT = "The group has no committed offset on this partition."

function committed(row: PartitionRow): ReactNode {
  if (row.noCommit) return "no commit"
  if (row.beyond === null) return <Value of={row.committed} as={exact} why={WHY.offset} />
  const why = `Beyond the end by ${exact(row.beyond)}: the log was truncated, or the offset was set wrongly.`
  return (
    <span className="bad" title={why}>
      {exact(row.committed ?? 0)} (beyond the end)
    </span>
  )
}

/** Says which offsets a consumer that reads only what is committed cannot read yet. */
function heldBound(row: PartitionRow): Bound {
  if (row.held === null) return { mark: null, note: row.noCommit ? NO_COMMIT : "" }
  const note = `An open transaction holds back ${plural(row.held, "offset", "offsets")} on this partition.`
  return { mark: row.lag !== null && row.lag > 0 ? "≤" : null, note }
}

function Foreseen({ row, of }: { row: PartitionRow; of: Forecast }) {
  return <Value of={row.lag ? of : null} as={forecast} why={row.lag ? WHY.forecast : WHY.noForecast} />
}

/** Every partition that the group reads, with what is known of it. */
export function Partitions(props: { group: GroupDetail; destination: string | null }) {
  const trpc = useTRPC()
  const now = useNow()
  const [params, setParams] = useQueryStates(groupPageParams, { history: "push" })
  const { cluster, name } = props.group
  const query = useQuery({
    ...trpc.groups.partitions.queryOptions({
      cluster,
      group: name,
      ...(props.destination ? { destination: props.destination } : {}),
      sort: params.sort,
      dir: params.dir,
      page: params.page,
      pageSize: PAGE_SIZE,
    }),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel">
      <h2>Partitions</h2>
      <Query of={query}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <Empty>The group has committed on no partition.</Empty>
          ) : (
            <>
              <DataTable
                name="group-partitions"
                label="Partitions"
                columns={columns(now)}
                rows={rows}
                keyOf={(row) => `${row.destination} ${row.partition}`}
                order={params}
                setOrder={(order) => void setParams(order as Partial<typeof params>)}
                total={total}
                pageSize={PAGE_SIZE}
              />
              <p className="quiet">
                Time lag is interpolated from the history of end offsets; ◆ marks the timestamp of the oldest
                unread record itself.
              </p>
            </>
          )
        }
      </Query>
    </section>
  )
}
