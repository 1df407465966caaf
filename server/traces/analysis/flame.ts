import { selfTime } from "./self-time.ts"
import type { TimedSpan } from "./timed-span.ts"
import type { Tree, TreeNode } from "./tree.ts"

/** Spans of one operation that were called by the same path of operations. */
export interface Flame<S extends TimedSpan = TimedSpan> {
  /** Unique within the trace. */
  key: string
  parent: Flame<S> | null
  spans: number
  errors: number
  /** Time of their own, ns. */
  selfNs: number
  /** The same with that of everything below. */
  totalNs: number
  longest: TreeNode<S>
  /** The one with most time first. */
  children: Flame<S>[]
}

/** Spans of the same path together, below one block of all; null: there are none. Totals are the sums of what is below. */
export function flameOf<S extends TimedSpan & { name: string }>(tree: Tree<S>): Flame<S> | null {
  const [first] = tree.nodes
  if (!first) return null
  const top = newFlame("all", null, first)
  const flames = [top]
  const byNode = new Map<TreeNode<S>, Flame<S>>()
  const below = new Map<Flame<S>, Map<string, Flame<S>>>()
  for (const node of tree.nodes) {
    const { span, parent } = node
    const above = (parent && byNode.get(parent)) ?? top
    const operations = below.get(above) ?? new Map<string, Flame<S>>()
    below.set(above, operations)
    const operation = `${span.service}\0${span.kind}\0${span.name}`
    const flame = operations.get(operation) ?? newFlame(String(flames.length), above, node)
    if (flame.spans === 0) {
      operations.set(operation, flame)
      above.children.push(flame)
      flames.push(flame)
    }
    byNode.set(node, flame)
    flame.spans++
    flame.errors += span.isError ? 1 : 0
    flame.selfNs += selfTime(node)
    if (lengthOf(node) > lengthOf(flame.longest)) flame.longest = node
  }
  for (const flame of flames.toReversed()) {
    flame.totalNs += flame.selfNs
    flame.children.sort((a, b) => b.totalNs - a.totalNs)
    if (flame.parent) flame.parent.totalNs += flame.totalNs
  }
  top.spans = tree.nodes.length
  return top
}

function newFlame<S extends TimedSpan>(key: string, parent: Flame<S> | null, longest: TreeNode<S>): Flame<S> {
  return { key, parent, spans: 0, errors: 0, selfNs: 0, totalNs: 0, longest, children: [] }
}

function lengthOf({ span }: TreeNode): number {
  return span.endNs - span.startNs
}
