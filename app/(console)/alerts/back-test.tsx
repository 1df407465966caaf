"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { count, duration, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { Rule } from "./condition.ts"

type Tried = RouterOutputs["alerts"]["backTest"]
type Series = Tried["noisiest"][number]

const RANGES = { "24h": "24 hours", "7d": "7 days", "30d": "30 days" } as const
type Range = keyof typeof RANGES

/** What a rule would have done on stored history. */
export function BackTest({ rule }: { rule: Rule }) {
  const trpc = useTRPC()
  const [range, setRange] = useState<Range>("24h")
  const tried = useQuery(trpc.alerts.backTest.queryOptions({ rule, range }))
  return (
    <section className="panel" aria-label={`${rule.name} on history`}>
      <div className="row">
        <h2 className="grow">{rule.name} on history</h2>
        <select
          className="field"
          aria-label="Range"
          value={range}
          onChange={(event) => setRange(event.target.value as Range)}
        >
          {Object.entries(RANGES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <Query of={tried}>{(found) => <Result found={found} range={range} />}</Query>
    </section>
  )
}

function Result({ found, range }: { found: Tried; range: Range }) {
  const fired = found.noisiest.filter((one) => one.fired > 0)
  if (found.begins === null)
    return <Empty>No history is stored yet. It is kept from the first minutes of this version on.</Empty>
  return (
    <>
      <p>
        Would have fired {plural(found.fired, "time", "times")} on {count(found.firedSeries)} of{" "}
        {count(found.series)} in the last {RANGES[range]}, {duration(found.firingMs)} in all
        {found.short > 0 && `; ${plural(found.short, "time", "times")} for less than 2 minutes`}.
      </p>
      <Bands found={found} />
      <p className="quiet">
        History begins at <Moment at={found.begins} />. Judged{" "}
        {found.parts
          .map(({ resolutionMs }) =>
            resolutionMs === 0 ? "at every change" : `every ${duration(resolutionMs)}`,
          )
          .join(", then ")}
        .
      </p>
      {fired.length > 0 && (
        <Table
          label="Series that would have fired"
          columns={COLUMNS}
          rows={fired}
          keyOf={(one) => JSON.stringify([one.cluster, one.labels])}
        />
      )}
    </>
  )
}

const COLUMNS: Column<Series>[] = [
  {
    key: "series",
    label: "Series",
    cell: ({ cluster, labels }) => (
      <>
        {Object.values(labels).join(" · ")} {cluster !== null && <span className="quiet">on {cluster}</span>}
      </>
    ),
  },
  { key: "fired", label: "Fired", numeric: true, cell: (one) => count(one.fired) },
  { key: "firing", label: "Firing for", numeric: true, cell: (one) => duration(one.firingMs) },
]

const WIDTH = 1000
const HEIGHT = 16

/** When at least one series would have been firing. */
function Bands({ found }: { found: Tried }) {
  const scale = (at: number) => ((at - found.from) / (found.to - found.from)) * WIDTH
  const label = `${plural(found.any.length, "interval", "intervals")} in which the rule would have been firing`
  return (
    <svg
      className="alert-bands"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect className="known" x={scale(found.begins ?? found.to)} y="0" width={WIDTH} height={HEIGHT} />
      {found.any.map(({ from, to }) => (
        <rect
          key={from}
          className="fires"
          x={scale(from)}
          y="0"
          width={Math.max(2, scale(to ?? found.to) - scale(from))}
          height={HEIGHT}
        />
      ))}
    </svg>
  )
}
