"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { GROUP_STATUSES, type GroupStatus } from "#server/lag/model.ts"
import type { GroupRow } from "#server/lag/views.ts"
import { useTRPC } from "../trpc/client.tsx"
import { count, duration, forecast, rate } from "../ui/format.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { Empty, Query } from "../ui/states.tsx"
import { Status } from "../ui/status.tsx"
import { type Column, Table } from "../ui/table.tsx"
import { groupParams } from "./group-params.ts"
import { groupPath } from "./paths.ts"

const PAGE_SIZE = 50

const BASE: Column<GroupRow>[] = [
  {
    key: "name",
    label: "Group",
    sort: "name",
    cell: (row) => <Link href={groupPath(row.cluster, row.name)}>{row.name}</Link>,
  },
  { key: "status", label: "Status", sort: "severity", cell: (row) => <Status status={row.verdict.status} /> },
  {
    key: "lag",
    label: "Lag",
    sort: "lag",
    numeric: true,
    cell: (row) => <span title={row.lag?.toLocaleString()}>{count(row.lag)}</span>,
  },
  { key: "timeLag", label: "Time lag", sort: "timeLag", numeric: true, cell: (row) => duration(row.timeLag) },
  {
    key: "spark",
    label: "Lag, last hour",
    cell: (row) => <Sparkline values={row.spark} label={`Lag of ${row.name}, last hour`} />,
  },
  { key: "in", label: "Written", sort: "produceRate", numeric: true, cell: (row) => rate(row.produceRate) },
  { key: "out", label: "Consumed", sort: "consumeRate", numeric: true, cell: (row) => rate(row.consumeRate) },
  {
    key: "caught",
    label: "Caught up in",
    numeric: true,
    cell: (row) => (troubled(row) ? forecast(row.caughtUpIn) : "–"),
  },
  {
    key: "lost",
    label: "Lost",
    sort: "lost",
    numeric: true,
    cell: (row) => <span className={row.lost ? "bad" : undefined}>{count(row.lost)}</span>,
  },
  {
    key: "lostIn",
    label: "Loss in",
    numeric: true,
    cell: (row) => (troubled(row) ? forecast(row.lostIn) : "–"),
  },
  { key: "members", label: "Members", sort: "members", numeric: true, cell: (row) => count(row.members) },
]

const CLUSTER: Column<GroupRow> = {
  key: "cluster",
  label: "Cluster",
  sort: "cluster",
  cell: (row) => row.clusterName,
}

/** A group that keeps up is always about to be caught up: a forecast for it would be noise. */
function troubled(row: GroupRow): boolean {
  return row.verdict.status !== "ok" && row.verdict.status !== "idle" && (row.lag ?? 0) > 0
}

/** Groups, the worst first; of one cluster, of one destination, or of all. */
export function GroupTable(props: { cluster?: string; destination?: string }) {
  const trpc = useTRPC()
  const [params, setParams] = useQueryStates(groupParams, { history: "push" })
  const query = useQuery({
    ...trpc.groups.list.queryOptions({
      ...(props.cluster ? { clusters: [props.cluster] } : {}),
      ...(props.destination ? { destination: props.destination } : {}),
      q: params.q,
      status: params.status,
      sort: params.sort,
      dir: params.dir,
      page: params.page,
      pageSize: PAGE_SIZE,
    }),
    placeholderData: keepPreviousData,
  })
  const columns = props.cluster
    ? BASE
    : [BASE[0], CLUSTER, ...BASE.slice(1)].filter((one) => one !== undefined)
  return (
    <section className="panel">
      <div className="row" style={{ paddingBottom: "0.5rem" }}>
        <input
          type="search"
          className="field"
          aria-label="Filter groups by name"
          placeholder="Filter by name  ( / )"
          value={params.q}
          onChange={(event) =>
            void setParams({ q: event.target.value || null, page: null }, { history: "replace" })
          }
        />
        <StatusFilter
          chosen={params.status}
          choose={(status) => void setParams({ status: status.length ? status : null, page: null })}
        />
      </div>
      <Query of={query}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <Empty>
              {params.q || params.status.length
                ? "No group matches these filters."
                : "No consumer group has committed here yet."}
            </Empty>
          ) : (
            <Table
              label="Consumer groups"
              columns={columns}
              rows={rows}
              keyOf={(row) => `${row.cluster} ${row.name}`}
              order={params}
              setOrder={(order) => void setParams(order as Partial<typeof params>)}
              total={total}
              pageSize={PAGE_SIZE}
            />
          )
        }
      </Query>
    </section>
  )
}

function StatusFilter(props: { chosen: GroupStatus[]; choose: (status: GroupStatus[]) => void }) {
  return (
    <fieldset className="row" style={{ border: 0, margin: 0, padding: 0, gap: "0.375rem" }}>
      <legend style={{ position: "absolute", clipPath: "inset(50%)" }}>Status</legend>
      {[...GROUP_STATUSES].reverse().map((status) => {
        const on = props.chosen.includes(status)
        return (
          <button
            key={status}
            type="button"
            className="field"
            aria-pressed={on}
            style={
              on ? { borderColor: "var(--accent)", boxShadow: "inset 0 0 0 1px var(--accent)" } : undefined
            }
            onClick={() =>
              props.choose(on ? props.chosen.filter((one) => one !== status) : [...props.chosen, status])
            }
          >
            <Status status={status} />
          </button>
        )
      })}
    </fieldset>
  )
}
