"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { shownName } from "#app/ui/name.ts"
import { BACKLOG_MS, GROUP_STATUSES, type GroupStatus } from "#server/group-status.ts"
import type { Forecast, GroupRow } from "#server/lag/queries/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { DataTable } from "../ui/data-table.tsx"
import { count, duration, forecast, rate } from "../ui/format.ts"
import { numberColumn } from "../ui/number-column.tsx"
import { Search } from "../ui/search.tsx"
import { Sparkline } from "../ui/sparkline.tsx"
import { Empty, OldMark, Query } from "../ui/states.tsx"
import { Status } from "../ui/status.tsx"
import type { Column } from "../ui/table.tsx"
import { Value, WHY } from "../ui/value.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { lagBound, lostBound, rateBound, timeLagBound } from "./group-bounds.ts"
import { GROUPS_A_PAGE, groupParams } from "./group-params.ts"
import { groupPath } from "./paths.ts"

const BASE: Column<GroupRow>[] = [
  {
    key: "name",
    label: "Group",
    sort: "name",
    card: "name",
    text: (row) => row.name,
    cell: (row) => (
      <span>
        <Link href={groupPath(row.cluster, row.name)} className="name">
          {shownName(row.name)}
        </Link>
        <OldMark sampledAt={row.sampledAt} intervalMs={row.intervalMs} />
      </span>
    ),
  },
  {
    key: "status",
    label: "Status",
    sort: "severity",
    card: "badge",
    text: (row) => row.verdict.status,
    cell: (row) => <Status status={row.verdict.status} />,
  },
  numberColumn("lag", {
    label: "Lag",
    sort: "lag",
    card: "number",
    of: (row) => row.lag,
    as: count,
    why: WHY.lag,
    bound: lagBound,
  }),
  numberColumn("timeLag", {
    label: "Time lag",
    sort: "timeLag",
    card: "number",
    of: (row) => row.timeLag,
    as: duration,
    why: WHY.timeLag,
    bound: timeLagBound,
  }),
  {
    key: "spark",
    label: "Lag, last hour",
    card: "line",
    cell: (row) => <Sparkline values={row.spark} label={`Lag of ${row.name}, last hour`} />,
  },
  numberColumn("in", {
    label: "Produced, last 1 min",
    sort: "produceRate",
    of: (row) => row.produceRate,
    as: rate,
    why: WHY.rate,
    bound: (row) => rateBound(row.ratesPartial),
  }),
  numberColumn("out", {
    label: "Consumed, last 1 min",
    sort: "consumeRate",
    of: (row) => row.consumeRate,
    as: rate,
    why: WHY.rate,
    bound: (row) => rateBound(row.ratesPartial),
  }),
  {
    key: "caught",
    label: "Catches up in",
    numeric: true,
    text: (row) => foreseen(row, row.caughtUpIn),
    cell: (row) => <Foreseen row={row} of={row.caughtUpIn} />,
  },
  numberColumn("lost", {
    label: "Lost",
    sort: "lost",
    of: (row) => row.lost,
    as: count,
    why: WHY.lost,
    bad: true,
    bound: lostBound,
  }),
  {
    key: "lostIn",
    label: "Data loss in",
    numeric: true,
    text: (row) => foreseen(row, row.lostIn),
    cell: (row) => <Foreseen row={row} of={row.lostIn} />,
  },
  numberColumn("members", {
    label: "Members",
    sort: "members",
    card: "number",
    of: (row) => row.members,
    as: count,
    why: WHY.members,
  }),
]

const CLUSTER: Column<GroupRow> = {
  key: "cluster",
  label: "Cluster",
  sort: "cluster",
  text: (row) => row.clusterName,
  cell: (row) => row.clusterName,
}

function Foreseen({ row, of }: { row: GroupRow; of: Forecast }) {
  const shown = hasForecast(row)
  return <Value of={shown ? of : null} as={forecast} why={shown ? WHY.forecast : WHY.noForecast} />
}

/** The same for a file: ms, "never", or nothing. */
function foreseen(row: GroupRow, of: Forecast): string | number | null {
  return hasForecast(row) ? of : null
}

/** A group that keeps up is always about to be caught up: a forecast for it would be noise, unless its backlog is old. */
function hasForecast(row: GroupRow): boolean {
  if ((row.lag ?? 0) === 0 || row.verdict.status === "idle") return false
  return row.verdict.status !== "ok" || (row.timeLag ?? 0) > BACKLOG_MS
}

/** Groups, the worst first; of one cluster, of one destination, or of all. */
export function GroupTable(props: { cluster?: string; destination?: string }) {
  const trpc = useTRPC()
  const [params, setParams] = useQueryStates(groupParams, { history: "push" })
  const chosen = useClusterFilter()
  const query = useQuery({
    ...trpc.groups.list.queryOptions({
      clusters: props.cluster ? [props.cluster] : chosen,
      ...(props.destination ? { destination: props.destination } : {}),
      q: params.q,
      status: params.status,
      sort: params.sort,
      dir: params.dir,
      page: params.page,
      pageSize: GROUPS_A_PAGE,
    }),
    placeholderData: keepPreviousData,
  })
  const columns = props.cluster
    ? BASE
    : [BASE[0], CLUSTER, ...BASE.slice(1)].filter((one) => one !== undefined)
  return (
    <section className="panel">
      <div className="row tools">
        <Search
          label="Filter groups by name"
          value={params.q}
          onChange={(q) => void setParams({ q: q || null, page: null })}
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
            <DataTable
              name="groups"
              label="Consumer groups"
              columns={columns}
              rows={rows}
              keyOf={(row) => `${row.cluster} ${row.name}`}
              order={params}
              setOrder={(order) => void setParams(order as Partial<typeof params>)}
              total={total}
              pageSize={GROUPS_A_PAGE}
            />
          )
        }
      </Query>
    </section>
  )
}

function StatusFilter(props: { chosen: GroupStatus[]; choose: (status: GroupStatus[]) => void }) {
  return (
    <fieldset className="plain row tight">
      <legend className="unseen">Status</legend>
      {[...GROUP_STATUSES].reverse().map((status) => {
        const on = props.chosen.includes(status)
        return (
          <button
            key={status}
            type="button"
            className="field"
            aria-pressed={on}
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
