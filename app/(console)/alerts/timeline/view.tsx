"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useState } from "react"
import { useClusterFilter } from "#app/(console)/cluster-filter.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { duration, moment, plural } from "#app/ui/format.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Empty, Loading, Query } from "#app/ui/states.tsx"
import { alertParams } from "../search-params.ts"
import { Axis } from "./axis.tsx"
import { placeOf, type SeriesRow, type Timeline, type TimelineAlert, toRows } from "./rows.ts"
import { TimelineTable } from "./table.tsx"

/** More lines are no picture any longer; the table has them all. */
const MAX_LINES = 100

/** What fired, was pending, acknowledged and silenced over the page's range: a line for each series, under its rule. */
export function AlertHistory() {
  const trpc = useTRPC()
  const range = useRange()
  const clusters = useClusterFilter()
  const [asTable, setAsTable] = useState(false)
  const query = useQuery({
    ...trpc.alerts.timeline.queryOptions({ clusters, from: range?.from ?? 0, to: range?.to ?? 0 }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel" aria-label="Timeline">
      <div className="row">
        <h2 className="grow">Timeline</h2>
        <button type="button" className="field" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "Timeline" : "Table"}
        </button>
      </div>
      {range === null ? (
        <Loading />
      ) : (
        <Query of={query}>
          {(timeline) => {
            if (timeline.alerts.length === 0)
              return <Empty>No alert fired or was pending in this time range.</Empty>
            return (
              <>
                {asTable ? <TimelineTable alerts={timeline.alerts} /> : <Lines timeline={timeline} />}
                {timeline.leftOff > 0 && (
                  <p className="quiet note">
                    {plural(timeline.leftOff, "older alert", "older alerts")} of this time range left off:
                    choose a shorter one.
                  </p>
                )}
              </>
            )
          }}
        </Query>
      )}
    </section>
  )
}

function Lines({ timeline }: { timeline: Timeline }) {
  const [looked, setLooked] = useState<TimelineAlert | null>(null)
  const rules = toRows(timeline.alerts)
  let room = MAX_LINES
  const shown = rules.flatMap((rule) => {
    const series = rule.series.slice(0, Math.max(0, room))
    room -= series.length
    return series.length > 0 ? [{ ...rule, series }] : []
  })
  const all = rules.reduce((sum, one) => sum + one.series.length, 0)
  return (
    <>
      <div className="timeline">
        <Axis within={timeline} />
        {shown.map(({ rule, name, series }) => (
          <section key={rule} aria-label={name}>
            <h3>{name}</h3>
            {series.map((row) => (
              <Line key={row.series} row={row} within={timeline} look={setLooked} />
            ))}
          </section>
        ))}
      </div>
      <p className="note" aria-live="polite">
        {looked ? describe(looked) : <Legend />}
      </p>
      {all > MAX_LINES && (
        <p className="quiet note">{plural(all - MAX_LINES, "more series", "more series")} in the table.</p>
      )}
    </>
  )
}

interface LineProps {
  row: SeriesRow
  within: Timeline
  look: (alert: TimelineAlert | null) => void
}

function Line({ row, within, look }: LineProps) {
  const [{ alert: chosen }, setState] = useQueryStates(alertParams, { history: "push" })
  return (
    <div className="timeline-line">
      <span className="timeline-name" title={row.name}>
        {row.name}{" "}
        {row.cluster !== null && row.cluster !== row.name && <span className="quiet">{row.cluster}</span>}
      </span>
      <span className="timeline-track">
        {row.alerts.flatMap((alert) =>
          alert.parts.map((part) => (
            <span
              key={`${alert.id} ${part.state} ${part.from}`}
              className={`timeline-part ${part.state} ${alert.severity}`}
              style={placeOf(part, within)}
            />
          )),
        )}
        {row.alerts.map((alert) => (
          <button
            key={alert.id}
            type="button"
            aria-label={describe(alert)}
            aria-pressed={chosen === alert.id}
            title={describe(alert)}
            style={placeOf(extentOf(alert), within)}
            onClick={() => void setState({ alert: chosen === alert.id ? null : alert.id })}
            onFocus={() => look(alert)}
            onBlur={() => look(null)}
            onMouseEnter={() => look(alert)}
            onMouseLeave={() => look(null)}
          />
        ))}
      </span>
    </div>
  )
}

/** From its first moment to its last. */
function extentOf({ parts }: TimelineAlert): { from: number; to: number | null } {
  const ends = parts.map((one) => one.to)
  return {
    from: Math.min(...parts.map((one) => one.from)),
    to: ends.includes(null) ? null : Math.max(...ends.map(Number)),
  }
}

/** "Lags on billing: pending 10:00 for 1 m; firing 10:01 for 5 m; acknowledged …". */
function describe({ ruleName, name, severity, parts }: TimelineAlert): string {
  const said = parts.map(({ state, from, to }) =>
    to === null
      ? `${state} since ${moment(from)}`
      : `${state} from ${moment(from)} for ${duration(to - from)}`,
  )
  return `${ruleName}, ${severity}, on ${name}: ${said.join("; ")}`
}

function Legend() {
  return (
    <span className="quiet">
      {(["pending", "firing", "acknowledged", "silenced"] as const).map((state) => (
        <span key={state}>
          <span className={`timeline-key ${state}`} aria-hidden="true" /> {state}{" "}
        </span>
      ))}
      · choose a bar for all that happened to its alert
    </span>
  )
}
