import type { FailureState } from "#server/failures/index.ts"

const SHAPES: Record<FailureState, { shape: string; tone: string }> = {
  open: { shape: "▲", tone: "var(--bad)" },
  regressed: { shape: "↺", tone: "var(--bad)" },
  resolved: { shape: "●", tone: "var(--ok)" },
  ignored: { shape: "○", tone: "var(--quiet)" },
}

/** A word and a shape, then a colour. */
export function FailureMark(props: { state: FailureState }) {
  const { shape, tone } = SHAPES[props.state]
  return (
    <span className="status" style={{ color: tone }}>
      <span aria-hidden="true">{shape}</span> {props.state}
    </span>
  )
}
