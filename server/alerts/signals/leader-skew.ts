import { nodeSeries, readNodes } from "./nodes.ts"
import type { ClusterSignal } from "./signal.ts"

/** With fewer partitions per node a share says nothing. */
const MIN_FAIR_SHARE = 10

export const leaderSkew: ClusterSignal = {
  of: "cluster",
  id: "leader-skew",
  label: "Leader skew",
  unit: "ratio",
  subject: "node",
  help: "Partitions that a broker leads, compared with an even share: 1 is even, 2 is twice as many.",
  suggested: { op: ">", threshold: 1.5 },
  sentence: "Broker {{ node }} leads {{ value }} of its even share of partitions.",
  read: async (round) => {
    const known = await readNodes(round)
    if (!known) return []
    const total = known.leaders.reduce((sum, one) => sum + one.leaders, 0)
    const fair = total / Math.max(1, known.nodes.filter((node) => node.online !== false).length)
    return known.leaders.map(({ node, leaders }) => ({
      series: nodeSeries(round, node),
      value: fair < MIN_FAIR_SHARE ? null : leaders / fair,
    }))
  },
}
