import { criticalPath, type PathEnd, type Section } from "#server/traces/analysis/critical-path.ts"
import { placeKey, type Queue, queuesOf } from "#server/traces/analysis/queues.ts"
import { selfTime } from "#server/traces/analysis/self-time.ts"
import { corrected, findSkew, type Skew } from "#server/traces/analysis/skew.ts"
import { mainRoot, type Tree, type TreeNode, treeOf } from "#server/traces/analysis/tree.ts"
import type { LinkedSpan, LinkedSpans, SpanView, TraceView } from "#server/traces/index.ts"

export type SpanNode = TreeNode<SpanView>

/** A stretch of time, ns after the trace's first span began. */
export interface Stretch {
  fromNs: number
  toNs: number
}

/** A trace with everything that its page says of it. */
export interface TraceModel extends Stretch {
  trace: TraceView
  skew: Skew
  isCorrected: boolean
  tree: Tree<SpanView>
  root: SpanNode | null
  /** Places in the order of the tree. */
  placeOf: ReadonlyMap<SpanNode, number>
  selfNs: ReadonlyMap<SpanNode, number>
  path: Section<SpanView>[]
  pathOf: ReadonlyMap<SpanNode, Section<SpanView>[]>
  queueOf: ReadonlyMap<SpanNode, Queue<SpanView>>
  /** What links to a span, by its id. */
  linkedFrom: ReadonlyMap<string, LinkedSpan[]>
  /** What spans link to, by placeKey. */
  linkedTo: ReadonlyMap<string, LinkedSpan>
  /** Numbers of colours, by service. */
  colours: ReadonlyMap<string, number>
  /** Spans that failed. */
  failed: SpanNode[]
  /** Where the failure began: the first to fail of those that nothing below failed. */
  origin: SpanNode | null
}

interface Options {
  linked: LinkedSpans | null
  correct: boolean
  path: PathEnd
}

export function modelOf(trace: TraceView, { linked, correct, path: until }: Options): TraceModel {
  const raw = treeOf(trace.spans)
  const skew = findSkew(raw)
  const isCorrected = correct && skew.corrections.length > 0
  const tree = isCorrected ? treeOf(corrected(trace.spans, skew)) : raw
  const root = mainRoot(tree)
  const path = root ? criticalPath(root, until) : []
  const linkedTo = new Map(linked?.out.map((one) => [placeKey(one), one]) ?? [])
  const linkedFrom = new Map<string, LinkedSpan[]>()
  for (const one of linked?.into ?? [])
    for (const here of one.here) linkedFrom.set(here, [...(linkedFrom.get(here) ?? []), one])
  const failed = tree.nodes.filter(({ span }) => span.isError)
  const starts = failed.filter(({ children }) => !children.some(({ span }) => span.isError))
  return {
    ...{ trace, skew, isCorrected, tree, root, path, linkedFrom, linkedTo, failed },
    ...boundsOf(tree.nodes),
    placeOf: new Map(tree.nodes.map((node, i) => [node, i])),
    selfNs: new Map(tree.nodes.map((node) => [node, selfTime(node)])),
    pathOf: Map.groupBy(path, ({ node }) => node),
    queueOf: new Map(queuesOf(tree, linkedTo).map((queue) => [queue.node, queue])),
    colours: coloursOf(tree.nodes),
    origin: starts.reduce<SpanNode | null>(
      (first, node) => (first && first.span.endNs <= node.span.endNs ? first : node),
      null,
    ),
  }
}

function boundsOf(nodes: readonly SpanNode[]): Stretch {
  let [fromNs, toNs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { span } of nodes) {
    fromNs = Math.min(fromNs, span.startNs)
    toNs = Math.max(toNs, span.endNs)
  }
  if (!Number.isFinite(fromNs)) return { fromNs: 0, toNs: 1 }
  return { fromNs, toNs: Math.max(toNs, fromNs + 1) }
}

/** Services in the order in which they come, so that neighbours differ. */
function coloursOf(nodes: readonly SpanNode[]): Map<string, number> {
  const colours = new Map<string, number>()
  for (const { span } of nodes)
    if (!colours.has(span.service)) colours.set(span.service, colours.size % SERVICE_COLOURS)
  return colours
}

const SERVICE_COLOURS = 8

/** What names a span in the address: Zipkin's clients and servers share ids. */
export function nameOf({ span }: Pick<SpanNode, "span">): string {
  return `${span.spanId}-${span.kind}`
}

/** The span of an address; a link from another trace has the id alone. */
export function nodeOf({ tree }: TraceModel, name: string): SpanNode | null {
  if (name === "") return null
  return tree.nodes.find((node) => nameOf(node) === name || node.span.spanId === name) ?? null
}

export function durationNs({ span }: Pick<SpanNode, "span">): number {
  return span.endNs - span.startNs
}

/** A stretch as shares of another, in percent, for where a bar stands. */
export function placeIn({ fromNs, toNs }: Stretch, within: Stretch): { left: string; width: string } {
  const whole = within.toNs - within.fromNs
  const share = (ns: number) => Math.min(100, Math.max(0, (ns / whole) * 100))
  const left = share(fromNs - within.fromNs)
  return { left: `${left.toFixed(3)}%`, width: `${(share(toNs - within.fromNs) - left).toFixed(3)}%` }
}

/** Whether any of it is within what is shown. */
export function isSeen({ fromNs, toNs }: Stretch, within: Stretch): boolean {
  return toNs >= within.fromNs && fromNs <= within.toNs
}
