import { ofGroups } from "./groups.ts"
import type { ClusterSignal } from "./signal.ts"

export const lostIn: ClusterSignal = {
  of: "cluster",
  id: "lost-in",
  label: "Time until data loss",
  unit: "ms",
  subject: "group",
  help: "When retention will delete messages that a consumer group has not read, at the present rates.",
  suggested: { op: "<", threshold: 3_600_000 },
  sentence: "In {{ value }}, retention deletes messages that {{ group }} has not consumed.",
  read: (round) => ofGroups(round, (group) => group.lostIn),
}
