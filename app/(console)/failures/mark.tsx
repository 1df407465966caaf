import { type Look, Mark } from "#app/ui/mark.tsx"
import type { FailureState } from "#server/failures/index.ts"

/** How each state of a failure looks. */
export const FAILURE_LOOKS: Record<FailureState, Look> = {
  open: { shape: "triangle", tone: "bad" },
  regressed: { shape: "arrow", tone: "bad" },
  resolved: { shape: "dot", tone: "good" },
  ignored: { shape: "ring", tone: "quiet" },
}

/** What became of a failure. */
export function FailureMark(props: { state: FailureState; on?: "solid" }) {
  return (
    <Mark look={FAILURE_LOOKS[props.state]} {...(props.on ? { on: props.on } : {})}>
      {props.state}
    </Mark>
  )
}
