import { ofDestinations } from "./destinations.ts"
import type { ClusterSignal } from "./signal.ts"

export const underReplicated: ClusterSignal = {
  of: "cluster",
  id: "under-replicated",
  label: "Under-replicated partitions",
  unit: "count",
  subject: "destination",
  help: "Partitions with fewer in-sync replicas than replicas.",
  suggested: { op: ">", threshold: 0 },
  sentence: "{{ value }} partitions of {{ destination }} have fewer in-sync replicas than they should.",
  read: (round) => ofDestinations(round, (destination) => destination.underReplicated),
}
