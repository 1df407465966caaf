import type { StoredNode } from "#server/clusters/index.ts"
import { nodeSeries, readNodes } from "./nodes.ts"
import type { ClusterSignal } from "./signal.ts"

export const diskFree: ClusterSignal = {
  of: "cluster",
  id: "disk-free",
  label: "Free disk space",
  unit: "ratio",
  subject: "node",
  help: "The share that is free of a broker's fullest log directory, from 0 to 1.",
  suggested: { op: "<", threshold: 0.1, clear: 0.15 },
  sentence: "The disk of broker {{ node }} has {{ value }} left.",
  read: async (round) => {
    const known = await readNodes(round)
    return (known?.nodes ?? []).map((node) => ({ series: nodeSeries(round, node.id), value: freeOf(node) }))
  },
}

/** Of the fullest directory whose size is known. */
function freeOf({ logDirs }: StoredNode): number | null {
  const shares = (logDirs ?? []).flatMap(({ totalBytes, freeBytes }) =>
    totalBytes === null || freeBytes === null || totalBytes === 0 ? [] : [freeBytes / totalBytes],
  )
  return shares.length === 0 ? null : Math.min(...shares)
}
