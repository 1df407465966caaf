import { bytes, count, duration, latency, percent, plain, rate, UNKNOWN } from "../format.ts"
import { inZone } from "../zone.ts"

export type Unit = "messages" | "duration" | "latency" | "rate" | "ratio" | "bytes" | "number"

export interface Line {
  name: string
  values: (number | null)[]
  tone: string
  /** What is not measured but reckoned: without an area. */
  dashed?: boolean
}

/** Something that happened at a moment: a reset, a deploy. */
export interface Mark {
  /** ms since the epoch */
  at: number
  label: string
  /** In a word or two, for beside its line. */
  short?: string
}

/** A value that lines are compared with, drawn across. */
export interface Limit {
  value: number
  tone: string
  dashed?: boolean
  /** What it is, written on its line. */
  label?: string
}

/** Seconds between which nothing was stored. */
export type Gap = readonly [from: number, to: number]

/** A span of time (ms) that is shaded. */
export interface Band {
  from: number
  to: number
  tone: string
  /** More lightly than others. */
  isFaint?: boolean
  /** What it is, for whoever points at it. */
  label?: string
  /** A path of Signalbox where more is said. */
  href?: string
}

/** A single case behind a point of a line, such as the slowest call of a minute, that has a page of its own. */
export interface Example {
  /** ms since the epoch */
  at: number
  /** Where it stands; above the axis, it stands at its top. */
  value: number
  label: string
  /** A path of Signalbox. */
  href: string
}

export interface ChartModel {
  unit: Unit
  lines: Line[]
  limits: readonly Limit[]
  bands: readonly Band[]
  /** Those within the chart, in order. */
  marks: Mark[]
  /** Those within the chart. */
  examples: Example[]
  /** Seconds, as uPlot wants them. */
  at: number[]
  bottom: number
  top: number
  /** Ends of the time axis, in seconds. */
  span: [from: number, to: number]
  /** The range that was asked for, in seconds: while that of before is drawn, or a forecast, the axis is longer. */
  range: [from: number, to: number]
  /** Seconds; before it nothing was stored. null: nothing of the axis is before it. */
  begins: number | null
  /** Where no line is known although it is before and after. */
  gaps: Gap[]
}

export interface ChartInput {
  unit: Unit
  at: number[]
  lines: Line[]
  marks?: Mark[] | undefined
  limits?: readonly Limit[]
  bands?: readonly Band[]
  examples?: readonly Example[]
  /** Ends of the time axis, in ms; by default those of the data. */
  range?: { from: number; to: number } | undefined
  /** First moment of which anything is stored, in ms. */
  begins?: number | null | undefined
}

const FORMATS: Record<Unit, (value: number | null) => string> = {
  ...{ messages: count, duration, rate, bytes },
  ratio: percent,
  number: plain,
  latency: (value) => (value === null ? UNKNOWN : latency(value)),
}
/** The least that the axis reaches up to: a line of zeros is not drawn along its top. */
const LEAST_TOP: Record<Unit, number> = {
  messages: 1,
  duration: 1000,
  latency: 1,
  rate: 1,
  ratio: 0.1,
  bytes: 1,
  number: 1,
}

export function formatFor(unit: Unit): (value: number | null) => string {
  return FORMATS[unit]
}

/** Decides all that the drawing needs: seconds, the time axis, and one from zero or below to a bit above the highest value. */
export function prepareChart(input: ChartInput): ChartModel {
  const { limits = [], bands = [] } = input
  const values = [...input.lines.map((line) => line.values), limits.map((limit) => limit.value)]
  const top = Math.max(LEAST_TOP[input.unit], ...values.map(highest)) * 1.1
  const bottom = Math.min(0, ...values.map(lowest)) * 1.1
  const [first = input.range?.from ?? 0, last = input.range?.to ?? 0] = [input.at[0], input.at.at(-1)]
  const from = Math.min(input.range?.from ?? first, first)
  const to = Math.max(input.range?.to ?? last, last)
  const begins = input.begins ?? from
  const marks = (input.marks ?? [])
    .filter((mark) => mark.at >= from && mark.at <= to)
    .sort((a, b) => a.at - b.at)
  return {
    unit: input.unit,
    lines: input.lines,
    limits,
    bands,
    marks,
    examples: (input.examples ?? []).filter(({ at }) => at >= from && at <= to),
    at: input.at.map((ms) => ms / 1000),
    bottom,
    top,
    span: [from / 1000, to / 1000],
    range: [(input.range?.from ?? from) / 1000, (input.range?.to ?? to) / 1000],
    begins: begins > from ? Math.min(begins, to) / 1000 : null,
    gaps: gapsOf(input),
  }
}

/** A gap reaches from the last known moment before it to the first one after. */
function gapsOf({ at, lines }: ChartInput): Gap[] {
  const measured = lines.filter((line) => !line.dashed)
  const known = at.flatMap((moment, i) =>
    measured.some((line) => typeof line.values[i] === "number") ? [{ i, second: moment / 1000 }] : [],
  )
  return known.flatMap(({ i, second }, k) => {
    const next = known[k + 1]
    return next === undefined || next.i === i + 1 ? [] : [[second, next.second] as const]
  })
}

function highest(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
}

function lowest(values: readonly (number | null)[]): number {
  return values.reduce<number>((least, value) => Math.min(least, value ?? 0), 0)
}

/** Indices of the values without a neighbour: a line through them has no length, so each is drawn as a point. */
export function lonely(values: readonly (number | null | undefined)[]): number[] {
  const isGap = (i: number) => values[i] === null || values[i] === undefined
  return values.flatMap((_, i) => (!isGap(i) && isGap(i - 1) && isGap(i + 1) ? [i] : []))
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const DAY_S = DAY / 1000

/** Steps of an axis of durations (ms) that a person would choose. */
const DURATION_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
]
/** Without 2.5, which takes a digit more than its neighbours: 0.25/s was written as 0.3/s. */
const STEPS = Array.from({ length: 20 }, (_, i) => [1, 2, 5].map((n) => Number(`${n}e${i - 5}`))).flat()
const WHOLE_STEPS = STEPS.filter((step) => step >= 1)

/** The steps that the value axis may take. There is no half message. */
export function stepsFor(unit: Unit): number[] {
  if (unit === "duration" || unit === "latency") return DURATION_STEPS
  return unit === "messages" ? WHOLE_STEPS : STEPS
}

/**
 * The ticks of the time axis in the viewer's zone. Below the time stands the day, where it is another than before;
 * none where all of it is today. Ticks that are days apart are days.
 */
export function clock(seconds: readonly number[], stepS: number, now: Date): string[] {
  const dates = seconds.map((second) => new Date(second * 1000))
  if (stepS >= DAY_S) return dates.map(dayOf)
  const today = dayOf(now)
  const plain = dates.every((date) => dayOf(date) === today)
  return dates.map((date, i) => {
    const before = dates[i - 1]
    const sameDay = before !== undefined && dayOf(before) === dayOf(date)
    return plain || sameDay ? timeOf(date, stepS) : `${timeOf(date, stepS)}\n${dayOf(date)}`
  })
}

function dayOf(date: Date): string {
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short", ...inZone() })
}

function timeOf(date: Date, stepS: number): string {
  const second = stepS < 60 ? ({ second: "2-digit" } as const) : {}
  return date.toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...second,
    ...inZone(),
  })
}

/** True when there is nothing to draw. */
export function isEmpty(lines: readonly Line[]): boolean {
  return lines.every((line) => line.values.every((value) => value === null))
}
