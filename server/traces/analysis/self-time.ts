import type { TimedSpan } from "./timed-span.ts"
import type { TreeNode } from "./tree.ts"

/**
 * The time in which a span did not wait for any of its children, ns: its duration without the union of theirs. Who
 * receives its message is none that it waits for.
 */
export function selfTime<S extends TimedSpan>({ span, children }: TreeNode<S>): number {
  let covered = 0
  let reached = span.startNs
  // Children are in the order of their starts.
  for (const child of children) {
    if (child.isHandedOver) continue
    const from = Math.max(child.span.startNs, reached)
    const to = Math.min(child.span.endNs, span.endNs)
    if (to <= from) continue
    covered += to - from
    reached = to
  }
  return span.endNs - span.startNs - covered
}
