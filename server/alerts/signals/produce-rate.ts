import { readDestinations } from "./destinations.ts"
import type { ClusterSignal } from "./signal.ts"

export const produceRate: ClusterSignal = {
  of: "cluster",
  id: "produce-rate",
  label: "Produce rate",
  unit: "messages/s",
  subject: "destination",
  help: "Messages per second produced to a destination.",
  suggested: { op: "<", threshold: 1 },
  sentence: "{{ value }} are produced to {{ destination }}.",
  read: async (round) => {
    const destinations = await readDestinations(round)
    return destinations
      .filter((one) => !one.internal)
      .map((one) => ({ series: one.series, value: one.produceRate }))
  },
}
