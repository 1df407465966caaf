import { ofGroups } from "./groups.ts"
import type { ClusterSignal } from "./signal.ts"

export const lag: ClusterSignal = {
  of: "cluster",
  id: "lag",
  label: "Lag",
  unit: "messages",
  subject: "group",
  help: "Messages that a consumer group has not read yet, on everything that it reads.",
  suggested: { op: ">", threshold: 10_000 },
  sentence: "{{ group }} is {{ value }} messages behind.",
  read: (round) => ofGroups(round, (group) => group.lag),
}
