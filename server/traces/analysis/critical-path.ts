import type { TimedSpan } from "./timed-span.ts"
import type { TreeNode } from "./tree.ts"

/** A stretch of the critical path, ns. */
export interface Section<S extends TimedSpan = TimedSpan> {
  node: TreeNode<S>
  fromNs: number
  toNs: number
  /**
   * `self`: the span itself worked; `queue`: its message lay in a queue; `idle`: it had ended, and what it started had
   * not begun.
   */
  is: "self" | "queue" | "idle"
}

/** Where the path ends: when the root answered, or when everything that it started was done. */
export type PathEnd = "response" | "all"

interface Frame<S extends TimedSpan> {
  node: TreeNode<S>
  lowNs: number
  /** Everything after it is on the path already. */
  atNs: number
  /** What may be on the path, the last to end first. */
  children: { node: TreeNode<S>; endNs: number }[]
  next: number
  /** The child that is on the path right after. */
  later: TreeNode<S> | null
}

/**
 * The chain of spans that decided when the root was done, from its end back to its start: at each moment the child that
 * ended last, and the span itself where none of its children did. Children count as far as they are within their
 * parent. The sections are without gap or overlap, in the order of time.
 *
 * Up to the response, who receives messages is left out: nobody waits for them. Up to the end of all, a span lasts as
 * long as anything below it, and what is between its own end and theirs is a queue, or idle.
 */
export function criticalPath<S extends TimedSpan>(root: TreeNode<S>, until: PathEnd): Section<S>[] {
  const ends = until === "all" ? endsOf(root) : null
  const endOf = (node: TreeNode<S>) => ends?.get(node) ?? node.span.endNs
  const sections: Section<S>[] = []
  const open: Frame<S>[] = []
  const enter = (node: TreeNode<S>, lowest: number, highNs: number) => {
    const lowNs = Math.max(lowest, node.span.startNs)
    const children = node.children
      .filter((child) => until === "all" || !child.isHandedOver)
      .map((child) => ({ node: child, endNs: Math.min(endOf(child), highNs) }))
      .filter((child) => Math.max(child.node.span.startNs, lowNs) < child.endNs)
      .sort((a, b) => b.endNs - a.endNs || a.node.span.startNs - b.node.span.startNs)
    open.push({ node, lowNs, atNs: highNs, children, next: 0, later: null })
  }
  enter(root, root.span.startNs, endOf(root))
  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    const child = frame.children[frame.next++]
    if (!child) {
      sections.push(...gap(frame, frame.lowNs))
      open.pop()
    } else if (child.endNs <= frame.atNs) {
      sections.push(...gap(frame, child.endNs))
      frame.atNs = Math.max(child.node.span.startNs, frame.lowNs)
      frame.later = child.node
      enter(child.node, frame.lowNs, child.endNs)
    }
  }
  return sections.reverse()
}

/** What of the path is a span's own between two of its children, the later part first. */
function gap<S extends TimedSpan>(frame: Frame<S>, fromNs: number): Section<S>[] {
  const { node, atNs: toNs, later } = frame
  const ownNs = Math.min(Math.max(node.span.endNs, fromNs), toNs)
  const is = later?.isHandedOver ? "queue" : "idle"
  return [
    { node, fromNs: ownNs, toNs, is } as const,
    { node, fromNs, toNs: ownNs, is: "self" } as const,
  ].filter((section) => section.toNs > section.fromNs)
}

/** When everything below a span was done, for each span that is below the root. */
function endsOf<S extends TimedSpan>(root: TreeNode<S>): Map<TreeNode<S>, number> {
  const below = [root]
  for (const node of below) for (const child of node.children) below.push(child)
  const ends = new Map(below.map((node) => [node, node.span.endNs]))
  for (const node of below.reverse())
    if (node.parent && node !== root)
      ends.set(node.parent, Math.max(ends.get(node.parent) ?? 0, ends.get(node) ?? 0))
  return ends
}
