import { nodeSeries, readNodes } from "./nodes.ts"
import type { ClusterSignal } from "./signal.ts"

export const brokerOffline: ClusterSignal = {
  of: "cluster",
  id: "broker-offline",
  label: "Broker offline",
  unit: "count",
  subject: "node",
  help: "1 while a broker is known to the cluster but does not answer, else 0.",
  suggested: { op: ">", threshold: 0 },
  sentence: "Broker {{ node }} of {{ cluster }} is offline.",
  read: async (round) => {
    const known = await readNodes(round)
    return (known?.nodes ?? []).map((node) => ({
      series: nodeSeries(round, node.id),
      value: node.online === null ? null : Number(!node.online),
    }))
  },
}
