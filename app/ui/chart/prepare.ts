import { count, duration, rate } from "../format.ts"

export type Unit = "messages" | "duration" | "rate"

export interface Line {
  name: string
  values: (number | null)[]
  tone: string
  dashed?: boolean
}

export interface ChartModel {
  unit: Unit
  lines: Line[]
  /** Seconds, as uPlot wants them. */
  at: number[]
  top: number
}

const FORMATS: Record<Unit, (value: number | null) => string> = { messages: count, duration, rate }

export function formatFor(unit: Unit): (value: number | null) => string {
  return FORMATS[unit]
}

/** Decides all that the drawing needs: seconds, and an axis from zero to a bit above the highest value. */
export function prepareChart(input: { unit: Unit; at: number[]; lines: Line[] }): ChartModel {
  const known = input.lines.flatMap((line) => line.values.filter((value): value is number => value !== null))
  const top = Math.max(input.unit === "duration" ? 1000 : 1, ...known) * 1.1
  return { ...input, at: input.at.map((ms) => ms / 1000), top }
}

const DAY_S = 86_400

/** A tick of the time axis in the viewer's zone: day and month where ticks are days apart or a day begins. */
export function clock(seconds: number, stepS: number): string {
  const date = new Date(seconds * 1000)
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0
  if (stepS >= DAY_S || midnight)
    return date.toLocaleDateString(undefined, { day: "numeric", month: "short" })
  const second = stepS < 60 ? ({ second: "2-digit" } as const) : {}
  return date.toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...second,
  })
}

/** True when there is nothing to draw. */
export function isEmpty(model: ChartModel): boolean {
  return model.lines.every((line) => line.values.every((value) => value === null))
}
