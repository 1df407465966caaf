import type { GroupStatus } from "#server/group-status.ts"
import { type Look, Mark } from "./mark.tsx"

/** How each status of a group looks. */
export const STATUS_LOOKS: Record<GroupStatus, Look> = {
  ok: { shape: "dot", tone: "good" },
  idle: { shape: "ring", tone: "quiet" },
  unknown: { shape: "question", tone: "quiet" },
  behind: { shape: "triangle", tone: "warn" },
  rewound: { shape: "arrow", tone: "notice" },
  invalid: { shape: "diamond", tone: "bad" },
  stalled: { shape: "square", tone: "bad" },
  stopped: { shape: "cross", tone: "bad" },
  losing: { shape: "warning", tone: "bad" },
}

/** The status of a group, or how many groups have it. */
export function Status(props: { status: GroupStatus; count?: number; on?: "nothing" | "solid" }) {
  return (
    <Mark look={STATUS_LOOKS[props.status]} {...(props.on ? { on: props.on } : {})}>
      {props.count === undefined ? props.status : `${props.count} ${props.status}`}
    </Mark>
  )
}
