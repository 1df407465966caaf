"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { GroupDetail } from "#server/lag/views.ts"
import { useTRPC } from "../../../../../trpc/client.tsx"
import { count, moment } from "../../../../../ui/format.ts"
import { useRange } from "../../../../../ui/range.tsx"
import { Query } from "../../../../../ui/states.tsx"

const CELL = 10
const MOST_PARTITIONS = 64

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
      <Query of={query}>
        {(heat) => {
          const top = Math.max(1, ...heat.lag.flat().map((value) => value ?? 0))
          const rows = heat.partitions.slice(0, MOST_PARTITIONS)
          return (
            <div className="scroll">
              <svg
                viewBox={`0 0 ${30 + heat.at.length * CELL} ${rows.length * CELL}`}
                style={{ width: "100%", minWidth: "36rem", maxHeight: "22rem" }}
                preserveAspectRatio="none"
                role="img"
                aria-label={`Lag of ${rows.length} partitions over time; the highest is ${count(top)}. The table below has the numbers.`}
              >
                {rows.map((partition, y) => (
                  <g key={partition}>
                    {heat.at.map((at, x) => {
                      const lag = heat.lag[y]?.[x] ?? null
                      if (lag === null) return null
                      const share = Math.round(8 + 92 * Math.sqrt(lag / top))
                      return (
                        <rect
                          key={at}
                          x={30 + x * CELL}
                          y={y * CELL}
                          width={CELL - 1}
                          height={CELL - 1}
                          fill={`color-mix(in srgb, var(--series-2) ${lag === 0 ? 4 : share}%, var(--ground))`}
                        >
                          <title>{`partition ${partition}, ${moment(at)}: ${count(lag)}`}</title>
                        </rect>
                      )
                    })}
                    <text x={0} y={y * CELL + CELL - 2} fontSize={8} fill="var(--quiet)">
                      {partition}
                    </text>
                  </g>
                ))}
              </svg>
            </div>
          )
        }}
      </Query>
    </section>
  )
}
