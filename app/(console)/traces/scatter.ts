/** What is drawn of a span that was found. */
export interface Dot {
  key: string
  at: number
  durationMs: number
  isError: boolean
}

export interface Size {
  width: number
  height: number
}

interface Tick {
  at: number
  value: number
}

export interface Plot {
  dots: { key: string; x: number; y: number; isError: boolean }[]
  times: Tick[]
  durations: Tick[]
  /** The moment and the duration of a place. */
  timeOf: (x: number) => number
  durationOf: (y: number) => number
}

/** Room for the names of durations, and of times. */
const LEFT = 56
const BOTTOM = 22
const EDGE = 8
/** ms: no call is faster. */
const LEAST_MS = 1e-3
/** Pixels between two times. */
const TIME_EVERY = 140

/** Where spans stand by start and duration; durations by their logarithm, since they differ by powers of ten. */
export function plotOf(dots: readonly Dot[], { width, height }: Size): Plot {
  const [first, last] = padded(
    dots.map(({ at }) => at),
    1000,
  )
  const logs = dots.map(({ durationMs }) => Math.log10(Math.max(durationMs, LEAST_MS)))
  const [low, high] = padded(logs, 0.2)
  const [right, top, bottom] = [width - EDGE, EDGE, height - BOTTOM]
  const x = (at: number) => LEFT + ((at - first) / (last - first)) * (right - LEFT)
  const y = (log: number) => bottom - ((log - low) / (high - low)) * (bottom - top)
  const steps = Math.max(1, Math.floor((right - LEFT) / TIME_EVERY))
  return {
    dots: dots.map(({ key, at, isError }, i) => ({ key, isError, x: x(at), y: y(logs[i] ?? low) })),
    times: Array.from({ length: steps + 1 }, (_, i) => {
      const value = first + ((last - first) * i) / steps
      return { at: x(value), value }
    }),
    durations: powers(low, high).map((value) => ({ at: y(Math.log10(value)), value })),
    timeOf: (place) => first + ((clamp(place, LEFT, right) - LEFT) / (right - LEFT)) * (last - first),
    durationOf: (place) =>
      10 ** (low + ((bottom - clamp(place, top, bottom)) / (bottom - top)) * (high - low)),
  }
}

/** The least and the most, apart at least, with a twentieth around them. */
function padded(values: readonly number[], apart: number): [number, number] {
  const least = values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY)
  const most = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  const room = Math.max((most - least) * 0.05, apart)
  return [least - room, most + room]
}

/** 1, 10, 100 … between two logarithms; where these are few, 2 and 5 as well. */
function powers(low: number, high: number): number[] {
  const of = (steps: readonly number[]) =>
    Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => 10 ** (Math.floor(low) + i))
      .flatMap((power) => steps.map((step) => step * power))
      .filter((value) => Math.log10(value) >= low && Math.log10(value) <= high)
  const whole = of([1])
  return whole.length >= 3 ? whole : of([1, 2, 5])
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

/** Nearer dots are taken for what is pointed at. */
const NEAR = 10

/** The dot that is meant by a place; null: none is near. */
export function nearest(dots: Plot["dots"], place: { x: number; y: number }): Plot["dots"][number] | null {
  let found: { dot: Plot["dots"][number]; distance: number } | null = null
  for (const dot of dots) {
    const distance = Math.hypot(dot.x - place.x, dot.y - place.y)
    if (distance <= NEAR && (found === null || distance < found.distance)) found = { dot, distance }
  }
  return found?.dot ?? null
}
