import { ofDestinations } from "./destinations.ts"
import type { ClusterSignal } from "./signal.ts"

export const offlinePartitions: ClusterSignal = {
  of: "cluster",
  id: "offline-partitions",
  label: "Offline partitions",
  unit: "count",
  subject: "destination",
  help: "Partitions without a leader: they can be neither read nor written.",
  suggested: { op: ">", threshold: 0 },
  sentence:
    "{{ value }} partitions of {{ destination }} have no leader: they can be neither read nor written.",
  read: (round) => ofDestinations(round, (destination) => destination.offline),
}
