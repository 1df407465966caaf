import { isReceiving, isSending, type SpanPlace, type TimedSpan } from "./timed-span.ts"
import type { Tree, TreeNode } from "./tree.ts"

/** The time that messages lay in a queue before a span received them. */
export interface Queue<S extends TimedSpan = TimedSpan> {
  node: TreeNode<S>
  /** When the message that waited longest was sent, ns. */
  fromNs: number
  /** When it was received: where the span begins. */
  toNs: number
  /** Of how many messages the sending is known. */
  messages: number
  /** A message seems to be received before it was sent: clocks differ, or the receiver was waiting for it. */
  isBefore: boolean
}

/** A span of any trace, ns after this trace's first span began. */
export type LinkedTimes = ReadonlyMap<string, Pick<TimedSpan, "startNs" | "endNs">>

export function placeKey({ traceId, spanId }: SpanPlace): string {
  return `${traceId} ${spanId}`
}

/**
 * Time in the queue of every span that receives messages: since the end of the span that sent each, which is its parent
 * or what it links to. What processes a message below the span that received it has none of its own.
 */
export function queuesOf<S extends TimedSpan>(tree: Tree<S>, linked: LinkedTimes): Queue<S>[] {
  const byId = new Map(tree.nodes.map(({ span }) => [span.spanId, span]))
  return tree.nodes.flatMap((node) => {
    if (!isReceiving(node.span)) return []
    const sent = sendersOf(node, { byId, linked })
    if (sent.length === 0) return []
    const toNs = node.span.startNs
    const first = sent.reduce((least, { endNs }) => Math.min(least, endNs), Number.POSITIVE_INFINITY)
    return [
      {
        ...{ node, toNs, messages: sent.length },
        fromNs: Math.min(first, toNs),
        isBefore: sent.some(({ startNs }) => startNs > toNs),
      },
    ]
  })
}

interface Known {
  byId: ReadonlyMap<string, TimedSpan>
  linked: LinkedTimes
}

function sendersOf(
  { span, parent }: TreeNode,
  { byId, linked }: Known,
): Pick<TimedSpan, "startNs" | "endNs">[] {
  const sent = span.links.flatMap((link) => {
    const here = byId.get(link.spanId)
    if (here) return isSending(here) ? here : []
    return linked.get(placeKey(link)) ?? []
  })
  if (sent.length > 0 || !parent) return sent
  return isSending(parent.span) ? [parent.span] : []
}
