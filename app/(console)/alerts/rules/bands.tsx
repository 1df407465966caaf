import { plural } from "#app/ui/format.ts"

interface Interval {
  state: "pending" | "firing"
  from: number
  to: number | null
}

interface Props {
  intervals: readonly Interval[]
  within: { from: number; to: number; begins: number | null }
  /** Whose they are; absent: of any series. */
  of?: string
}

const WIDTH = 1000
const HEIGHT = 16
const LEAST = 3

/** When something would have been pending and firing, as bands over time. */
export function Bands({ intervals, within, of }: Props) {
  const scale = (at: number) => (Math.max(0, at - within.from) / (within.to - within.from)) * WIDTH
  const firing = intervals.filter(({ state }) => state === "firing").length
  const label = `${of === undefined ? "" : `${of}: `}${plural(firing, "interval", "intervals")} of firing`
  const begins = scale(within.begins ?? within.to)
  return (
    <svg
      className="alert-bands"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect className="known" x={begins} y="0" width={WIDTH - begins} height={HEIGHT} />
      {intervals.map(({ state, from, to }) => (
        <rect
          key={`${state} ${from}`}
          className={state}
          x={scale(from)}
          y="0"
          width={Math.max(LEAST, scale(to ?? within.to) - scale(from))}
          height={HEIGHT}
        />
      ))}
    </svg>
  )
}
