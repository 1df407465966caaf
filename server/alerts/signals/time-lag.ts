import { ofGroups } from "./groups.ts"
import type { ClusterSignal } from "./signal.ts"

export const timeLag: ClusterSignal = {
  of: "cluster",
  id: "time-lag",
  label: "Time lag",
  unit: "ms",
  subject: "group",
  help: "Age of the oldest message that a consumer group has not read yet.",
  suggested: { op: ">", threshold: 300_000, clear: 60_000 },
  sentence: "{{ group }} is {{ value }} behind.",
  read: (round) => ofGroups(round, (group) => group.timeLag),
}
