const WIDTH = 120
const HEIGHT = 24

/** A small line; a gap where nothing is known. The numbers beside it say what it means. */
export function Sparkline(props: { values: (number | null)[]; label: string; tone?: string }) {
  const known = props.values.filter((value): value is number => value !== null)
  if (known.length < 2) return <span className="quiet">no history yet</span>
  const top = Math.max(...known, 1e-9)
  const step = WIDTH / Math.max(1, props.values.length - 1)
  const path = props.values
    .map((value, i) => {
      if (value === null) return ""
      const move = i === 0 || props.values[i - 1] === null ? "M" : "L"
      return `${move}${(i * step).toFixed(1)} ${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`
    })
    .join("")
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={props.label}>
      <path d={path} fill="none" stroke={props.tone ?? "var(--series-1)"} strokeWidth={1.5} />
    </svg>
  )
}
