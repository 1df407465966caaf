import { ofDestinations } from "./destinations.ts"
import type { ClusterSignal } from "./signal.ts"

export const underMinIsr: ClusterSignal = {
  of: "cluster",
  id: "under-min-isr",
  label: "Partitions under min.insync.replicas",
  unit: "count",
  subject: "destination",
  help: "Partitions with fewer in-sync replicas than min.insync.replicas: producers with acks=all are refused.",
  suggested: { op: ">", threshold: 0 },
  sentence:
    "{{ value }} partitions of {{ destination }} have too few in-sync replicas: producers with acks=all are refused.",
  read: (round) => ofDestinations(round, (destination) => destination.underMinIsr),
}
