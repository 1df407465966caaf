"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { count, moment } from "#app/ui/format.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import type { GroupDetail } from "#server/lag/queries/index.ts"

const CELL = 10
/** Heights on the page, in px: of a partition among few, among many, and of the text that names it. */
const TALL = 14
const LOW = 6
const LINE = 12

/** Lag per partition over time: a stuck partition is a bright row. The partition table has the numbers. */
export function Heat(props: { group: GroupDetail; destination: string | null }) {
  const trpc = useTRPC()
  const range = useRange()
  const { cluster, name } = props.group
  const destination = props.destination ?? ""
  const query = useQuery({
    ...trpc.groups.heat.queryOptions({
      cluster,
      group: name,
      destination,
      from: range?.from ?? 0,
      to: range?.to ?? 0,
      points: 100,
    }),
    enabled: range !== null && destination !== "",
    placeholderData: keepPreviousData,
  })
  if (destination === "") return null
  return (
    <section className="panel">
      <h2>Lag by partition of {destination}</h2>
      <Query of={query}>{(heat) => <Cells heat={heat} />}</Query>
    </section>
  )
}

type HeatData = RouterOutputs["groups"]["heat"]

function Cells({ heat }: { heat: HeatData }) {
  if (heat.at.length === 0) return <Empty>No data in this time range.</Empty>
  const top = heat.lag.flat().reduce<number>((most, lag) => Math.max(most, lag ?? 0), 1)
  const rows = heat.partitions
  const height = rows.length > 24 ? LOW : TALL
  // Named as often as there is room for a line of text.
  const step = Math.ceil(LINE / height)
  return (
    <div className="scroll">
      <div className="heat" style={{ height: rows.length * height }}>
        {rows.map((partition, y) =>
          y % step === 0 ? (
            <span key={partition} style={{ gridRow: `${y + 1} / span ${Math.min(step, rows.length - y)}` }}>
              {partition}
            </span>
          ) : null,
        )}
        <svg
          viewBox={`0 0 ${heat.at.length * CELL} ${rows.length * CELL}`}
          style={{ gridRow: `1 / ${rows.length + 1}` }}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Lag of ${rows.length} partitions over time; the highest is ${count(top)}. The table below has the numbers.`}
        >
          {rows.map((partition, y) => (
            <Row key={partition} {...{ partition, y, top, at: heat.at, lag: heat.lag[y] ?? [] }} />
          ))}
        </svg>
      </div>
      <div className="heat-times">
        {[0, 0.5, 1].map((share) => {
          const at = heat.at[Math.round(share * (heat.at.length - 1))]
          return <span key={share}>{at === undefined ? "" : moment(at)}</span>
        })}
      </div>
      {rows.length < heat.total && (
        <p className="quiet">
          The {count(rows.length)} of {count(heat.total)} partitions that lagged most; the table has all.
        </p>
      )}
    </div>
  )
}

interface RowProps {
  partition: number
  y: number
  top: number
  at: number[]
  lag: (number | null)[]
}

function Row({ partition, y, top, at, lag }: RowProps) {
  return at.map((time, x) => {
    const waits = lag[x] ?? null
    if (waits === null) return null
    const share = waits === 0 ? 4 : Math.round(8 + 92 * Math.sqrt(waits / top))
    const fill = `color-mix(in srgb, var(--series-2) ${share}%, var(--ground))`
    return (
      <rect key={time} x={x * CELL} y={y * CELL} width={CELL - 1} height={CELL - 1} fill={fill}>
        <title>{`partition ${partition}, ${moment(time)}: ${count(waits)}`}</title>
      </rect>
    )
  })
}
