import type { AuditRow } from "#server/access/index.ts"

const SHAPES = {
  ok: { shape: "●", tone: "good" },
  refused: { shape: "✕", tone: "bad" },
  failed: { shape: "▲", tone: "warn" },
  begun: { shape: "?", tone: "warn" },
} satisfies Record<AuditRow["result"], { shape: string; tone: string }>

/** What each result is called. */
export const RESULT_WORDS = {
  ok: "ok",
  refused: "refused",
  failed: "failed",
  begun: "result unknown",
} satisfies Record<AuditRow["result"], string>

/** A word and a shape, then a colour; and why it did not happen. */
export function Result(props: { result: AuditRow["result"]; reason: string | null }) {
  const { shape, tone } = SHAPES[props.result]
  return (
    <span>
      <span className={`status ${tone}`}>
        <span aria-hidden="true">{shape}</span> {RESULT_WORDS[props.result]}
      </span>
      {props.reason && <span className="quiet"> {props.reason}</span>}
    </span>
  )
}
