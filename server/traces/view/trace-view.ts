import { treeOf } from "../analysis/tree.ts"
import { msOfNs } from "../times.ts"
import type { SpanView } from "./span-view.ts"

export interface TraceView {
  traceId: string
  /** When its first span began: ms since the epoch, and ns in digits. */
  startMs: number
  zeroNs: string
  durationMs: number
  services: string[]
  errors: number
  /** Parents before children, siblings by start; a span whose parent is not stored stands at the top. */
  spans: SpanView[]
  /** How many it has, whatever is shown. */
  total: number
  /** It has more than are read. */
  isCut: boolean
}

interface Known {
  traceId: string
  zeroNs: bigint
  /** How many spans are shown at most. */
  limit: number
  isCut: boolean
}

export function traceView(spans: readonly SpanView[], { limit, traceId, zeroNs, isCut }: Known): TraceView {
  const ordered = treeOf(spans).nodes.map(({ span }) => span)
  return {
    ...{ traceId, isCut, startMs: msOfNs(zeroNs), zeroNs: String(zeroNs) },
    durationMs: spans.reduce((latest, { endNs }) => Math.max(latest, endNs), 0) / 1e6,
    services: [...new Set(spans.map(({ service }) => service))].sort(),
    errors: spans.filter(({ isError }) => isError).length,
    spans: ordered.slice(0, limit),
    total: spans.length,
  }
}
