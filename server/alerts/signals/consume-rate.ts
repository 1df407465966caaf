import { ofGroups } from "./groups.ts"
import type { ClusterSignal } from "./signal.ts"

export const consumeRate: ClusterSignal = {
  of: "cluster",
  id: "consume-rate",
  label: "Consume rate",
  unit: "messages/s",
  subject: "group",
  help: "Messages per second that a consumer group reads.",
  suggested: { op: "<", threshold: 1 },
  sentence: "{{ group }} consumes {{ value }}.",
  read: (round) => ofGroups(round, (group) => group.consumeRate),
}
