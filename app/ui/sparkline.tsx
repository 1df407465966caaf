import { TONES } from "./chart/tones.ts"

const WIDTH = 120
const HEIGHT = 24

/**
 * A small line over its area; a gap where nothing is known. The numbers beside it say what it means. `limit` is a value that
 * it is compared with, drawn across.
 */
export function Sparkline(props: {
  values: readonly (number | null)[]
  label: string
  tone?: string
  limit?: number | null
  /** As wide as there is room, and higher. */
  wide?: boolean
}) {
  const known = props.values.filter((value) => value !== null)
  if (known.length < 2)
    return (
      <span
        className="quiet help"
        title="Nothing was sampled in the time that is drawn here. Charts show more."
      >
        no recent data
      </span>
    )
  const limit = props.limit ?? null
  const all = limit === null ? known : [...known, limit]
  const [bottom, top] = [Math.min(0, ...all), Math.max(...all, 1e-9)]
  const step = WIDTH / Math.max(1, props.values.length - 1)
  const x = (i: number) => (i * step).toFixed(1)
  const y = (value: number) => (HEIGHT - 2 - ((value - bottom) / (top - bottom)) * (HEIGHT - 4)).toFixed(1)
  const stretches = stretchesOf(props.values)
  const line = stretches
    .map((one) => `M${one.map(({ i, value }) => `${x(i)} ${y(value)}`).join("L")}`)
    .join("")
  const area = stretches
    .map((one) => {
      const points = one.map(({ i, value }) => `L${x(i)} ${y(value)}`).join("")
      return `M${x(one[0]?.i ?? 0)} ${HEIGHT}${points}L${x(one.at(-1)?.i ?? 0)} ${HEIGHT}Z`
    })
    .join("")
  const tone = props.tone ?? TONES.lag
  return (
    <svg
      className={props.wide ? "sparkline wide" : "sparkline"}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <path d={area} fill={tone} opacity={0.12} />
      <path d={line} fill="none" stroke={tone} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
      {limit !== null && <path className="limit" d={`M0 ${y(limit)}H${WIDTH}`} />}
    </svg>
  )
}

/** The values that follow each other without a gap. */
function stretchesOf(values: readonly (number | null)[]): { i: number; value: number }[][] {
  const stretches: { i: number; value: number }[][] = []
  values.forEach((value, i) => {
    if (value === null) return
    const last = stretches.at(-1)
    if (last && last.at(-1)?.i === i - 1) last.push({ i, value })
    else stretches.push([{ i, value }])
  })
  return stretches
}
