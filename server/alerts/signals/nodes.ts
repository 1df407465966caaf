import { readState, type StoredNode } from "#server/clusters/index.ts"
import type { Round } from "./signal.ts"

export interface NodesReading {
  nodes: StoredNode[]
  leaders: { node: number; leaders: number; replicas: number }[]
}

/** The nodes of a cluster as the last description told them; null: none was stored, or it cannot be read. */
export function readNodes(round: Round): Promise<NodesReading | null> {
  return round.once("nodes", async () => {
    const {
      rows: [row],
    } = await round.db.query<{ nodes: unknown }>("select nodes from cluster_state where cluster_id = $1", [
      round.cluster.id,
    ])
    return readState({ problems: [], findings: [], nodes: row?.nodes ?? null }).nodes
  })
}

/** The series of a node. */
export function nodeSeries(round: Round, id: number) {
  return round.series("node", String(id), () => ({ labels: { node: String(id) } }))
}
