"use client"

import { useState } from "react"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { Chart } from "#app/ui/chart/chart.tsx"
import { count, duration, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { CHART_UNITS } from "../units.ts"
import { Bands } from "./bands.tsx"
import type { Rule, Signal } from "./draft.ts"
import { RANGES } from "./search-params.ts"

export type Tried = RouterOutputs["alerts"]["backTest"]
type Series = Tried["noisiest"][number]

interface Props {
  found: Tried
  rule: Rule
  signal: Signal | undefined
  range: keyof typeof RANGES
}

/** What a rule would have done on stored history: in a sentence, a chart, and the series that it would have been about. */
export function History({ found, rule, signal, range }: Props) {
  const named = found.noisiest.filter((one) => one.fired > 0)
  const closest = named.length > 0 ? named : found.noisiest.slice(0, 5)
  if (found.begins === null)
    return <Empty>No history is stored yet. It is kept from the first minutes of this version on.</Empty>
  return (
    <>
      <p aria-live="polite">
        <Counts found={found} range={range} subject={signal?.subject} />
      </p>
      {rule.condition.op === "in" ? (
        <Bands intervals={[...found.pending, ...found.any]} within={found} />
      ) : (
        <Values found={found} rule={rule} unit={signal?.unit} />
      )}
      <Judged found={found} isBegun={rule.condition.op !== "in"} />
      <Gaps found={found} />
      {closest.length > 0 && (
        <Table
          label={named.length > 0 ? "Series that would have fired" : "Series that come closest"}
          columns={columnsOf(found)}
          rows={closest}
          keyOf={(one) => JSON.stringify([one.cluster, one.labels])}
        />
      )}
    </>
  )
}

const SUBJECTS: Record<Signal["subject"], [one: string, many: string]> = {
  cluster: ["cluster", "clusters"],
  node: ["broker", "brokers"],
  destination: ["topic", "topics"],
  group: ["group", "groups"],
  failure: ["failure group", "failure groups"],
  channel: ["channel", "channels"],
  service: ["service", "services"],
  signalbox: ["series", "series"],
}

function Counts(props: Pick<Props, "found" | "range"> & { subject: Signal["subject"] | undefined }) {
  const { found, range } = props
  const [one, many] = SUBJECTS[props.subject ?? "signalbox"]
  const of = plural(found.series, one, many)
  if (found.series === 0)
    return (
      <>
        This rule watches nothing that was there in the last {RANGES[range]}. Check its scope, or whether its
        names match.
      </>
    )
  if (found.fired === 0)
    return (
      <>
        Would <strong>not have fired</strong> in the last {RANGES[range]}, on any of {of}.
      </>
    )
  return (
    <>
      Would have fired <strong>{plural(found.fired, "time", "times")}</strong>
      {found.short > 0 &&
        `, ${found.short === found.fired ? "all" : count(found.short)} of them under 2 minutes`}
      , on{" "}
      <strong>
        {count(found.firedSeries)} of {of}
      </strong>{" "}
      in the last {RANGES[range]}; {duration(found.firingMs)} in all.
    </>
  )
}

/** Which parts were judged at which resolution. `isBegun`: the chart says where history begins. */
function Judged({ found, isBegun }: { found: Tried; isBegun: boolean }) {
  return (
    <p className="quiet note">
      {!isBegun && found.begins !== null && (
        <>
          History begins at <Moment at={found.begins} />.{" "}
        </>
      )}
      Judged{" "}
      {found.parts.map(({ from, to, resolutionMs }, i) => (
        <span key={from}>
          {i > 0 && ", then "}
          {resolutionMs === 0 ? "at every change" : `every ${duration(resolutionMs)}`}
          {found.parts.length > 1 && i < found.parts.length - 1 && (
            <>
              {" "}
              until <Moment at={to} />
            </>
          )}
        </span>
      ))}
      .
    </p>
  )
}

/** Of which times nothing is known; unknown is not zero, so a rule decides by its choice for missing data. */
function Gaps({ found: { gaps } }: { found: Tried }) {
  const latest = gaps.at(-1)
  if (latest === undefined) return null
  return (
    <details className="note">
      <summary className="quiet">
        {plural(gaps.length, "gap", "gaps")} in the history, the last on {latest.cluster ?? "Signalbox"} at{" "}
        <Moment at={latest.from} />: no values were stored, so they are unknown
      </summary>
      <ul aria-label="Gaps in the history">
        {gaps.map(({ cluster, from, to }) => (
          <li key={`${cluster} ${from}`}>
            {cluster ?? "Signalbox"}: <Moment at={from} /> for {duration(to - from)}
          </li>
        ))}
      </ul>
    </details>
  )
}

const TONES = ["var(--series-1)", "var(--series-2)", "var(--series-3)"]

/** The series that would have fired most, with the thresholds, over the times at which any would have fired. */
function Values({ found, rule, unit }: Pick<Props, "found" | "rule"> & { unit: Signal["unit"] | undefined }) {
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null)
  const range = zoom ?? { from: found.from, to: found.to }
  const { condition } = rule
  const shown = found.noisiest.slice(0, TONES.length)
  const moments = new Set(shown.flatMap((one) => one.at))
  const at = [...moments].filter((one) => one >= range.from && one <= range.to).sort((a, b) => a - b)
  const lines = shown.map((one, i) => {
    const values = new Map(one.at.map((moment, j) => [moment, one.values[j] ?? null]))
    const valueAt = (moment: number) => {
      const value = values.get(moment)
      return typeof value === "number" ? value : null
    }
    return { name: nameOf(one), tone: TONES[i] ?? "var(--quiet)", values: at.map(valueAt) }
  })
  const limits =
    condition.op === "in"
      ? []
      : [
          { value: condition.threshold, tone: "var(--bad)", label: "threshold" },
          ...(condition.clear === undefined
            ? []
            : [{ value: condition.clear, tone: "var(--bad)", dashed: true, label: "clears" }]),
        ]
  const bands = [
    ...found.pending.map((one) => ({ from: one.from, to: one.to ?? found.to, tone: "var(--warn)" })),
    ...found.any.map((one) => ({ from: one.from, to: one.to ?? found.to, tone: "var(--bad)" })),
  ]
  return (
    <>
      <Chart
        title={found.noisiest.length > shown.length ? "The noisiest series" : "History"}
        unit={CHART_UNITS[unit ?? "count"]}
        begins={found.begins}
        none="No values are stored of this time."
        {...{ at, lines, limits, bands, range, onZoom: setZoom }}
      />
      <p className="quiet note">
        <span className="key line" aria-hidden="true" /> threshold
        {condition.op !== "in" && condition.clear !== undefined && ", dashed where it clears"} ·{" "}
        <span className="key pending" aria-hidden="true" /> something would have been pending ·{" "}
        <span className="key firing" aria-hidden="true" /> something would have been firing
      </p>
    </>
  )
}

function nameOf({ cluster, labels }: Series): string {
  const names = Object.entries(labels).flatMap(([label, value]) => (label === "system" ? [] : [value]))
  return names.join(" · ") || cluster || "Signalbox"
}

function columnsOf(found: Tried): Column<Series>[] {
  return [
    {
      key: "series",
      label: "Series",
      cell: (one) => (
        <span className="wrap">
          {nameOf(one)} {one.cluster !== null && <span className="quiet">on {one.cluster}</span>}
        </span>
      ),
    },
    { key: "fired", label: "Fired", numeric: true, cell: (one) => count(one.fired) },
    { key: "firing", label: "Firing for", numeric: true, cell: (one) => duration(one.firingMs) },
    {
      key: "when",
      label: "When",
      cell: (one) => <Bands intervals={one.intervals} within={found} of={nameOf(one)} />,
    },
  ]
}
