import { ofGroups } from "./groups.ts"
import type { ClusterSignal } from "./signal.ts"

export const caughtUpIn: ClusterSignal = {
  of: "cluster",
  id: "caught-up-in",
  label: "Time until caught up",
  unit: "ms",
  subject: "group",
  help: "When a consumer group will have read everything, at the present rates.",
  suggested: { op: ">", threshold: 3_600_000 },
  sentence: "{{ group }} will have caught up in {{ value }}.",
  read: (round) => ofGroups(round, (group) => group.caughtUpIn),
}
