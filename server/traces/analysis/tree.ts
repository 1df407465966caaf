import { isIncoming } from "../kinds.ts"
import { isReceiving, type TimedSpan } from "./timed-span.ts"

export interface TreeNode<S extends TimedSpan = TimedSpan> {
  span: S
  parent: TreeNode<S> | null
  /** By start. */
  children: TreeNode<S>[]
  /** How many spans of the trace it is within. */
  depth: number
  /** Why it has no parent: it is a root, its parent is not in the trace, or it is its own ancestor; null: it has one. */
  top: "root" | "lost" | "circle" | null
  /** Its parent handed a message over and did not wait for it. */
  isHandedOver: boolean
}

export interface Tree<S extends TimedSpan = TimedSpan> {
  /** By start. */
  roots: TreeNode<S>[]
  /** Parents before children, siblings by start. */
  nodes: TreeNode<S>[]
}

/**
 * Puts spans below their parents, each once. An id may be there twice: Zipkin's clients and servers share one, and then
 * the server is below the client, and what the server calls below the server.
 */
export function treeOf<S extends TimedSpan>(spans: readonly S[]): Tree<S> {
  const nodes = spans.map(
    (span): TreeNode<S> => ({
      ...{ span, parent: null, children: [], depth: 0, top: null, isHandedOver: false },
    }),
  )
  const byId = Map.groupBy(nodes, ({ span }) => span.spanId)
  for (const node of nodes) node.parent = parentOf(node, byId)
  cutCircles(nodes)
  for (const node of nodes) {
    node.isHandedOver = node.parent !== null && isReceiving(node.span) && !isReceiving(node.parent.span)
    if (node.parent) node.parent.children.push(node)
    else node.top ??= node.span.parentId === "" ? "root" : "lost"
  }
  for (const { children } of nodes) children.sort(byStart)
  const roots = nodes.filter(({ parent }) => parent === null).sort(byStart)
  return { roots, nodes: depthFirst(roots) }
}

function parentOf<S extends TimedSpan>(
  node: TreeNode<S>,
  byId: ReadonlyMap<string, readonly TreeNode<S>[]>,
): TreeNode<S> | null {
  const { span } = node
  const sharesId = (one: TreeNode<S>) => one !== node && !isIncoming(one.span)
  const client = isIncoming(span) ? byId.get(span.spanId)?.find(sharesId) : undefined
  if (client) return client
  if (span.parentId === "") return null
  const named = byId.get(span.parentId)?.filter((one) => one !== node) ?? []
  if (named.length < 2) return named[0] ?? null
  return (
    named.find((one) => one.span.service === span.service) ??
    named.find((one) => isIncoming(one.span)) ??
    named[0] ??
    null
  )
}

/** Of each circle of parents, the span that begins first becomes a root. */
function cutCircles<S extends TimedSpan>(nodes: readonly TreeNode<S>[]): void {
  const walked = new Map<TreeNode<S>, number>()
  nodes.forEach((start, walk) => {
    let node: TreeNode<S> | null = start
    while (node && !walked.has(node)) {
      walked.set(node, walk)
      node = node.parent
    }
    if (!node || walked.get(node) !== walk) return
    let first: TreeNode<S> = node
    for (let on = node.parent; on && on !== node; on = on.parent) if (byStart(on, first) < 0) first = on
    first.parent = null
    first.top = "circle"
  })
}

function depthFirst<S extends TimedSpan>(roots: readonly TreeNode<S>[]): TreeNode<S>[] {
  const ordered: TreeNode<S>[] = []
  const open = roots.toReversed()
  for (let node = open.pop(); node; node = open.pop()) {
    node.depth = node.parent ? node.parent.depth + 1 : 0
    ordered.push(node)
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i]
      if (child) open.push(child)
    }
  }
  return ordered
}

/** Of two that begin together, what takes longer comes first. */
function byStart(a: TreeNode, b: TreeNode): number {
  return a.span.startNs - b.span.startNs || b.span.endNs - a.span.endNs
}

/** The root that the trace is about: a true one before those whose parent is missing, then the longest. */
export function mainRoot<S extends TimedSpan>({ roots }: Tree<S>): TreeNode<S> | null {
  const rank = ({ top }: TreeNode<S>) => (top === "root" ? 0 : 1)
  const length = ({ span }: TreeNode<S>) => span.endNs - span.startNs
  const [first] = [...roots].sort((a, b) => rank(a) - rank(b) || length(b) - length(a))
  return first ?? null
}
