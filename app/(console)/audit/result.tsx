import type { AuditRow } from "#server/access/audit-log.ts"

const SHAPES = {
  ok: { shape: "●", tone: "good" },
  refused: { shape: "✕", tone: "bad" },
  failed: { shape: "▲", tone: "warn" },
} satisfies Record<AuditRow["result"], { shape: string; tone: string }>

/** A word and a shape, then a colour; and why it did not happen. */
export function Result(props: { result: AuditRow["result"]; reason: string | null }) {
  const { shape, tone } = SHAPES[props.result]
  return (
    <span>
      <span className={`status ${tone}`}>
        <span aria-hidden="true">{shape}</span> {props.result}
      </span>
      {props.reason && <span className="quiet"> {props.reason}</span>}
    </span>
  )
}
