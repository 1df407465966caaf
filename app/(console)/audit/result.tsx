import { type Look, Mark } from "#app/ui/mark.tsx"
import type { AuditRow } from "#server/access/index.ts"

const LOOKS = {
  ok: { shape: "dot", tone: "good" },
  refused: { shape: "cross", tone: "bad" },
  failed: { shape: "triangle", tone: "warn" },
  begun: { shape: "question", tone: "warn" },
} satisfies Record<AuditRow["result"], Look>

/** What each result is called. */
export const RESULT_WORDS = {
  ok: "ok",
  refused: "refused",
  failed: "failed",
  begun: "result unknown",
} satisfies Record<AuditRow["result"], string>

/** A word and a shape, then a colour; and why it did not happen. */
export function Result(props: { result: AuditRow["result"]; reason: string | null }) {
  return (
    <span>
      <Mark look={LOOKS[props.result]}>{RESULT_WORDS[props.result]}</Mark>
      {props.reason && <span className="quiet"> {props.reason}</span>}
    </span>
  )
}
