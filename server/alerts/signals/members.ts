import { ofGroups } from "./groups.ts"
import type { ClusterSignal } from "./signal.ts"

export const members: ClusterSignal = {
  of: "cluster",
  id: "members",
  label: "Members",
  unit: "count",
  subject: "group",
  help: "Consumers that are members of a consumer group.",
  suggested: { op: "<", threshold: 1 },
  sentence: "{{ group }} has {{ value }} members.",
  read: (round) => ofGroups(round, (group) => group.members),
}
