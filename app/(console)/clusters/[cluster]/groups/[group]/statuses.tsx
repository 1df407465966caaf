"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { duration, moment } from "#app/ui/format.ts"
import { ShapeIcon } from "#app/ui/mark.tsx"
import { Moment } from "#app/ui/moment.tsx"
import type { Range } from "#app/ui/range/range.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { STATUS_LOOKS, Status } from "#app/ui/status.tsx"
import { GROUP_STATUSES, type GroupStatus } from "#server/group-status.ts"
import type { GroupDetail, StatusHistory } from "#server/lag/queries/index.ts"

/** Narrower bands have no room for their shape; share of the range. */
const ROOM = 0.02

/** The statuses of a group over the page's range: when it was behind or stopped, and for how long. */
export function Statuses({ group }: { group: GroupDetail }) {
  const trpc = useTRPC()
  const range = useRange()
  const query = useQuery({
    ...trpc.groups.statuses.queryOptions({
      cluster: group.cluster,
      group: group.name,
      from: range?.from ?? 0,
      to: range?.to ?? 0,
    }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel">
      <h2>Status</h2>
      <Query of={query}>{(history) => range && <Timeline history={history} range={range} />}</Query>
    </section>
  )
}

function Timeline({ history, range }: { history: StatusHistory; range: Range }) {
  const known = durations(history.bands)
  if (known.length === 0) return <Empty>No status was stored in this time range.</Empty>
  return (
    <>
      <Strip history={history} range={range} />
      <ul className="row durations" aria-label="Time in each status">
        {known.map(({ status, ms }) => (
          <li key={status}>
            <Status status={status} /> <span className="quiet">{duration(ms)}</span>
          </li>
        ))}
      </ul>
      <Changes history={history} />
    </>
  )
}

/** Its numbers are in the list and the table below it. */
function Strip({ history, range }: { history: StatusHistory; range: Range }) {
  const width = range.to - range.from
  return (
    <div className="bands" aria-hidden="true">
      {history.bands.map(({ from, to, status }) => {
        const start = Math.max(from, range.from)
        const share = (Math.min(to, range.to) - start) / width
        if (status === null || share <= 0) return null
        const { shape, tone } = STATUS_LOOKS[status]
        return (
          <span
            key={from}
            className={tone}
            title={`${status}, ${moment(start)} to ${moment(to)} (${duration(to - start)})`}
            style={{
              left: `${((start - range.from) / width) * 100}%`,
              width: `${share * 100}%`,
            }}
          >
            {share >= ROOM && <ShapeIcon of={shape} />}
          </span>
        )
      })}
    </div>
  )
}

function Changes({ history }: { history: StatusHistory }) {
  if (history.changes.length === 0) return null
  return (
    <details>
      <summary>Status changes ({history.changes.length})</summary>
      <div className="scroll">
        <table className="grid" aria-label="Status changes">
          <thead>
            <tr>
              <th>From</th>
              <th>Status</th>
            </tr>
          </thead>
          <tbody>
            {history.changes.map(({ at, status }) => (
              <tr key={at}>
                <td>
                  <Moment at={at} />
                </td>
                <td>
                  <Status status={status} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** How long each status held, the worst first. */
function durations(bands: StatusHistory["bands"]): { status: GroupStatus; ms: number }[] {
  return GROUP_STATUSES.toReversed().flatMap((status) => {
    const ms = bands.reduce((sum, band) => sum + (band.status === status ? band.to - band.from : 0), 0)
    return ms > 0 ? [{ status, ms }] : []
  })
}
