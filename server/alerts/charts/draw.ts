import type { Chart } from "./read.ts"

/** Of the picture, in CSS pixels. */
export const WIDTH = 560
export const HEIGHT = 120
const PADDING = 6
const LINE = "#3b78d0"
const FIRING = "#d03b3b"

/** A chart as SVG, without any text: a server may have no fonts. Missing values are gaps. */
export function drawChart(chart: Chart): string {
  const { from, to, thresholds, firedAt } = chart
  const [low, high] = rangeOf(chart)
  const x = (at: number) => round(PADDING + ((at - from) / (to - from)) * (WIDTH - 2 * PADDING))
  const y = (value: number) =>
    round(HEIGHT - PADDING - ((value - low) / (high - low)) * (HEIGHT - 2 * PADDING))
  const begins = x(Math.max(from, firedAt))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<rect x="${begins}" y="0" width="${round(WIDTH - PADDING - begins)}" height="${HEIGHT}" fill="${FIRING}" fill-opacity="0.1"/>`,
    `<line x1="${PADDING}" y1="${y(low)}" x2="${WIDTH - PADDING}" y2="${y(low)}" stroke="#c9ced6"/>`,
    ...thresholds.map(
      (value, i) =>
        `<line x1="${PADDING}" y1="${y(value)}" x2="${WIDTH - PADDING}" y2="${y(value)}" stroke="${i === 0 ? FIRING : "#2e9e5b"}" stroke-dasharray="5 4"/>`,
    ),
    ...linesOf(chart).map(
      (points) =>
        `<polyline fill="none" stroke="${LINE}" stroke-width="2" stroke-linejoin="round" points="${points
          .map(({ at, value }) => `${x(at)},${y(value)}`)
          .join(" ")}"/>`,
    ),
    "</svg>",
  ].join("")
}

interface Point {
  at: number
  value: number
}

/** What is known without a gap between. */
function linesOf({ points }: Chart): Point[][] {
  const lines: Point[][] = [[]]
  for (const { at, value } of points) {
    if (value === null) lines.push([])
    else lines.at(-1)?.push({ at, value })
  }
  return lines.filter((line) => line.length > 0)
}

/** From zero, where nothing is below it, to a little above all values and thresholds. */
function rangeOf({ points, thresholds }: Chart): [low: number, high: number] {
  const all = [...points.flatMap(({ value }) => value ?? []), ...thresholds]
  const low = Math.min(0, ...all)
  const high = Math.max(low, ...all)
  return [low, high === low ? low + 1 : high + (high - low) * 0.05]
}

const round = (pixels: number) => Math.round(pixels * 10) / 10
