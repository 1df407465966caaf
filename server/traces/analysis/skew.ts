import { CLIENT, isIncoming } from "../kinds.ts"
import { Differences } from "./differences.ts"
import type { TimedSpan } from "./timed-span.ts"
import { mainRoot, type Tree, type TreeNode } from "./tree.ts"

/** By how much a clock is corrected, and why. */
export interface Correction {
  host: string
  services: string[]
  /** What is added to its times, ns: positive when its clock is behind. */
  byNs: number
  /** How far the true difference may be from it, ns; null: known from one side only, so it is the least that fits. */
  withinNs: number | null
  /** Spans that lay outside of the span that called them, or before the message was sent. */
  outside: number
  /** Spans that are moved. */
  spans: number
}

export interface Skew {
  /** Whose clock the others are corrected to: the root's. */
  reference: string
  /** The largest first; empty: the clocks agree. */
  corrections: Correction[]
  /** Pairs of hosts whose spans contradict each other: their difference changed, or is not what moved them. */
  contradicting: [string, string][]
}

/** Differences up to this are what clocks that are kept by NTP have. */
const TOLERANCE_NS = 100_000
/** Of more hosts than these, the others' clocks are taken as they are. */
const MAX_HOSTS = 200

/** What one pair of hosts says: the callee's correction less the caller's is from `low` to `high`. */
interface Evidence {
  caller: number
  callee: number
  lowNs: number
  highNs: number
  spans: number
}

/**
 * Clocks of hosts that differ. A call is answered within the span that made it, and a message received after it was sent:
 * so each pair of spans on two hosts bounds the difference of their clocks. All bounds are met together, hosts for
 * which nothing has to be corrected are left alone, and of the others the middle of what is possible is taken.
 * `toleranceNs` is how much a span may lie outside.
 */
export function findSkew<S extends TimedSpan>(tree: Tree<S>, toleranceNs = TOLERANCE_NS): Skew {
  const root = mainRoot(tree)
  if (!root) return { reference: "", corrections: [], contradicting: [] }
  const reference = root.span.host
  const byHost = Map.groupBy(tree.nodes, ({ span }) => span.host)
  const others = [...byHost].filter(([host]) => host !== reference)
  others.sort(([, a], [, b]) => b.length - a.length)
  const hosts = [reference, ...others.map(([host]) => host)].slice(0, MAX_HOSTS)
  const known = new Differences(hosts.length)
  const contradicting: [string, string][] = []
  for (const pair of evidenceOf(tree, { hosts, toleranceNs })) {
    const low = known.bound(pair.callee, pair.caller, -pair.lowNs)
    const high = known.bound(pair.caller, pair.callee, pair.highNs)
    if (!low || !high) contradicting.push([hosts[pair.caller] ?? "", hosts[pair.callee] ?? ""])
  }
  const corrections = choose(known, hosts.length).map(({ host, byNs, withinNs }) => {
    const name = hosts[host] ?? ""
    const nodes = byHost.get(name) ?? []
    return {
      ...{ host: name, byNs, withinNs, spans: nodes.length },
      services: [...new Set(nodes.map(({ span }) => span.service))].sort(),
      outside: nodes.filter((node) => isOutside(node, toleranceNs)).length,
    }
  })
  corrections.sort((a, b) => Math.abs(b.byNs) - Math.abs(a.byNs))
  return { reference, corrections, contradicting }
}

/** The difference that two spans on two hosts allow; null: they say nothing of it. */
function boundsOf({ span, parent, isHandedOver }: TreeNode): { lowNs: number; highNs: number } | null {
  if (!parent || parent.span.host === span.host) return null
  const lowNs = parent.span.startNs - span.startNs
  if (isHandedOver) return { lowNs, highNs: Number.POSITIVE_INFINITY }
  if (parent.span.kind !== CLIENT || !isIncoming(span)) return null
  // Who gave up does not wait for the answer; and what lasts longer than its call ends after it by any clock.
  const mayOutlast =
    parent.span.isError || span.endNs - span.startNs > parent.span.endNs - parent.span.startNs
  return { lowNs, highNs: mayOutlast ? Number.POSITIVE_INFINITY : parent.span.endNs - span.endNs }
}

function isOutside(node: TreeNode, toleranceNs: number): boolean {
  const bounds = boundsOf(node)
  return bounds !== null && (bounds.lowNs > toleranceNs || bounds.highNs < -toleranceNs)
}

interface Asked {
  hosts: readonly string[]
  toleranceNs: number
}

/** Of each pair of hosts, those of which most spans speak first. */
function evidenceOf(tree: Tree, { hosts, toleranceNs }: Asked): Evidence[] {
  const at = new Map(hosts.map((host, i) => [host, i]))
  const pairs = new Map<string, Evidence>()
  for (const node of tree.nodes) {
    const bounds = boundsOf(node)
    const caller = at.get(node.parent?.span.host ?? "")
    const callee = at.get(node.span.host)
    if (!bounds || caller === undefined || callee === undefined) continue
    const key = `${caller} ${callee}`
    const pair = pairs.get(key) ?? {
      ...{ caller, callee, spans: 0 },
      ...{ lowNs: Number.NEGATIVE_INFINITY, highNs: Number.POSITIVE_INFINITY },
    }
    pairs.set(key, pair)
    pair.lowNs = Math.max(pair.lowNs, bounds.lowNs - toleranceNs)
    pair.highNs = Math.min(pair.highNs, bounds.highNs + toleranceNs)
    pair.spans++
  }
  return [...pairs.values()].sort((a, b) => b.spans - a.spans)
}

/** Corrections of those hosts that need one; host 0 is the reference. */
function choose(known: Differences, hosts: number) {
  const chosen: { host: number; byNs: number; withinNs: number | null }[] = []
  const left: number[] = []
  for (let host = 1; host < hosts; host++) {
    if (known.most(0, host) < 0 || known.most(host, 0) < 0) left.push(host)
    else fix(known, host, 0)
  }
  for (const host of left) {
    const [lowNs, highNs] = [-known.most(host, 0), known.most(0, host)]
    const isBounded = Number.isFinite(lowNs) && Number.isFinite(highNs)
    const byNs = isBounded ? Math.floor((lowNs + highNs) / 2) : Number.isFinite(lowNs) ? lowNs : highNs
    fix(known, host, byNs)
    if (byNs !== 0) chosen.push({ host, byNs, withinNs: isBounded ? Math.ceil((highNs - lowNs) / 2) : null })
  }
  return chosen
}

function fix(known: Differences, host: number, byNs: number): void {
  known.bound(0, host, byNs)
  known.bound(host, 0, -byNs)
}

/** The spans by the clock of the reference. */
export function corrected<S extends TimedSpan>(spans: readonly S[], { corrections }: Skew): S[] {
  const by = new Map(corrections.map(({ host, byNs }) => [host, byNs]))
  return spans.map((span) => {
    const byNs = by.get(span.host) ?? 0
    return byNs === 0 ? span : { ...span, startNs: span.startNs + byNs, endNs: span.endNs + byNs }
  })
}
