import type { GroupStatus } from "#server/group-status.ts"

/** How each status looks: a shape, and then a colour. */
export const STATUS_LOOKS: Record<GroupStatus, { shape: string; tone: string }> = {
  ok: { shape: "●", tone: "var(--ok)" },
  idle: { shape: "○", tone: "var(--quiet)" },
  unknown: { shape: "?", tone: "var(--quiet)" },
  behind: { shape: "▲", tone: "var(--warn)" },
  rewound: { shape: "↺", tone: "var(--notice)" },
  invalid: { shape: "◆", tone: "var(--bad)" },
  stalled: { shape: "■", tone: "var(--bad)" },
  stopped: { shape: "✕", tone: "var(--bad)" },
  losing: { shape: "⚠", tone: "var(--bad)" },
}

/** A word and a shape, then a colour. */
export function Status(props: { status: GroupStatus; count?: number }) {
  const { shape, tone } = STATUS_LOOKS[props.status]
  return (
    <span className="status" style={{ color: tone }}>
      <span aria-hidden="true">{shape}</span>{" "}
      {props.count === undefined ? props.status : `${props.count} ${props.status}`}
    </span>
  )
}
