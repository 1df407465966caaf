import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { compareFlames } from "#server/traces/analysis/compare.ts"
import { criticalPath, type PathEnd, type Section } from "#server/traces/analysis/critical-path.ts"
import { flameOf } from "#server/traces/analysis/flame.ts"
import { placeKey, queuesOf } from "#server/traces/analysis/queues.ts"
import { selfTime } from "#server/traces/analysis/self-time.ts"
import { corrected, findSkew } from "#server/traces/analysis/skew.ts"
import type { TimedSpan } from "#server/traces/analysis/timed-span.ts"
import { mainRoot, type TreeNode, treeOf } from "#server/traces/analysis/tree.ts"

const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5]

function span(of: Partial<TimedSpan> & Pick<TimedSpan, "spanId">): TimedSpan {
  return {
    ...{ parentId: "", service: "a", host: "h", kind: INTERNAL, isError: false, messaging: null, links: [] },
    ...{ startNs: 0, endNs: 0, ...of },
  }
}

/** Anything that senders may send: missing parents, circles, ids that come twice, no duration. */
const anySpans = fc.array(
  fc
    .record({
      spanId: fc.integer({ min: 1, max: 12 }),
      parentId: fc.integer({ min: 0, max: 14 }),
      kind: fc.integer({ min: 0, max: 5 }),
      host: fc.constantFrom("h1", "h2", "h3"),
      service: fc.constantFrom("a", "b"),
      startNs: fc.integer({ min: 0, max: 24 }),
      ns: fc.integer({ min: 0, max: 16 }),
    })
    .map(({ spanId, parentId, startNs, ns, ...of }) =>
      span({
        ...of,
        ...{ spanId: String(spanId), parentId: parentId === 0 ? "" : String(parentId) },
        ...{ startNs, endNs: startNs + ns },
      }),
    ),
  { maxLength: 14 },
)

describe("the tree", () => {
  it("has every span once, parents before children", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { nodes, roots } = treeOf(spans)
        expect(new Set(nodes.map((node) => node.span))).toEqual(new Set(spans))
        expect(nodes).toHaveLength(spans.length)
        const seen = new Set<TreeNode>()
        for (const node of nodes) {
          expect(node.parent === null || seen.has(node.parent)).toBe(true)
          expect(node.depth).toBe(node.parent ? node.parent.depth + 1 : 0)
          expect(node.top === null).toBe(node.parent !== null)
          seen.add(node)
        }
        expect(roots).toEqual(nodes.filter(({ depth }) => depth === 0))
      }),
    )
  })

  it("says why a span has no parent", () => {
    const spans = [
      span({ spanId: "1", endNs: 9 }),
      span({ spanId: "2", parentId: "9", startNs: 1, endNs: 90 }),
      span({ spanId: "3", parentId: "4", startNs: 3 }),
      span({ spanId: "4", parentId: "3", startNs: 2 }),
      span({ spanId: "5", parentId: "5", startNs: 4 }),
    ]
    const tree = treeOf(spans)
    expect(tree.nodes.map(({ span: one, top }) => [one.spanId, top])).toEqual([
      ...[
        ["1", "root"],
        ["2", "lost"],
        ["4", "circle"],
        ["3", null],
      ],
      ["5", "lost"],
    ])
    expect(mainRoot(tree)?.span.spanId).toBe("1")
  })

  it("puts Zipkin's server, which shares its id with the client, below it, and its calls below the server", () => {
    const spans = [
      span({ spanId: "1", kind: SERVER, endNs: 20 }),
      span({ spanId: "2", parentId: "1", kind: CLIENT, endNs: 9 }),
      span({ spanId: "2", parentId: "1", kind: SERVER, service: "b", startNs: 1, endNs: 8 }),
      span({ spanId: "3", parentId: "2", service: "b", startNs: 2, endNs: 3 }),
    ]
    expect(treeOf(spans).nodes.map((node) => [node.span.spanId, node.span.service, node.depth])).toEqual([
      ...[
        ["1", "a", 0],
        ["2", "a", 1],
        ["2", "b", 2],
      ],
      ["3", "b", 3],
    ])
  })

  it("takes 100,000 spans in a chain, or below one span", () => {
    const chain = Array.from({ length: 100_000 }, (_, i) =>
      span({ spanId: `${i}`, parentId: i ? `${i - 1}` : "", startNs: i, endNs: 300_000 - i }),
    )
    const fan = chain.map((one, i) => ({ ...one, parentId: i ? "0" : "", endNs: i ? i + 1 : 300_000 }))
    for (const spans of [chain, fan]) {
      const tree = treeOf(spans)
      const [root] = tree.roots
      expect(tree.nodes.length).toBe(100_000)
      expect(sum(root ? criticalPath(root, "all") : [])).toBe(300_000)
      expect(tree.nodes.every((node) => selfTime(node) >= 0)).toBe(true)
      findSkew(tree)
    }
  })
})

describe("self time", () => {
  it("is what none of its children covers, counted ns by ns", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        for (const node of treeOf(spans).nodes) {
          let own = 0
          for (let at = node.span.startNs; at < node.span.endNs; at++)
            if (!node.children.some((one) => !one.isHandedOver && covers(one, at))) own++
          expect(selfTime(node)).toBe(own)
        }
      }),
    )
  })
})

function covers({ span: { startNs, endNs } }: TreeNode, at: number): boolean {
  return startNs <= at && at < endNs
}

function sum(sections: readonly Section[]): number {
  return sections.reduce((all, { fromNs, toNs }) => all + toNs - fromNs, 0)
}

/** When all below a span was done. */
function endOf(node: TreeNode, until: PathEnd): number {
  if (until === "response") return node.span.endNs
  return Math.max(node.span.endNs, ...node.children.map((child) => endOf(child, until)))
}

/** The path as its definition has it, ns by ns from the end: which span each is of. */
function slowPath(node: TreeNode, of: { low: number; high: number; until: PathEnd }): TreeNode[] {
  const { until, high } = of
  const low = Math.max(of.low, node.span.startNs)
  const found: TreeNode[] = []
  const left = new Set(node.children.filter((one) => until === "all" || !one.isHandedOver))
  for (let at = high; at > low; ) {
    const ending = [...left].filter(
      (one) => Math.min(endOf(one, until), high) === at && Math.max(one.span.startNs, low) < at,
    )
    const [child] = ending.sort((a, b) => a.span.startNs - b.span.startNs)
    if (child) {
      left.delete(child)
      found.unshift(...slowPath(child, { low, high: at, until }))
      at = Math.max(child.span.startNs, low)
    } else {
      found.unshift(node)
      at--
    }
  }
  return found
}

describe("the critical path", () => {
  it("covers the root from its start to its end once, as counted ns by ns", () => {
    fc.assert(
      fc.property(anySpans, fc.constantFrom<PathEnd>("response", "all"), (spans, until) => {
        for (const root of treeOf(spans).roots) {
          const path = criticalPath(root, until)
          const high = endOf(root, until)
          expect(sum(path)).toBe(high - root.span.startNs)
          let at = root.span.startNs
          for (const { fromNs, toNs } of path) {
            expect(fromNs).toBe(at)
            expect(toNs).toBeGreaterThan(fromNs)
            at = toNs
          }
          const slow = slowPath(root, { low: root.span.startNs, high, until })
          const fast = path.flatMap(({ node, fromNs, toNs }) => Array<TreeNode>(toNs - fromNs).fill(node))
          expect(fast.map(({ span: one }) => one)).toEqual(slow.map(({ span: one }) => one))
        }
      }),
    )
  })

  it("goes through a queue up to the end of all, and not up to the response", () => {
    const spans = [
      span({ spanId: "1", kind: SERVER, endNs: 100 }),
      span({ spanId: "2", parentId: "1", kind: PRODUCER, startNs: 80, endNs: 90 }),
      span({ spanId: "3", parentId: "2", kind: CONSUMER, startNs: 500, endNs: 530 }),
      span({ spanId: "4", parentId: "3", startNs: 600, endNs: 610 }),
    ]
    const [root] = treeOf(spans).roots
    const named = (until: PathEnd) =>
      root &&
      criticalPath(root, until).map(({ node, fromNs, toNs, is }) => [node.span.spanId, fromNs, toNs, is])
    expect(named("response")).toEqual([
      ...[
        ["1", 0, 80, "self"],
        ["2", 80, 90, "self"],
      ],
      ["1", 90, 100, "self"],
    ])
    expect(named("all")).toEqual([
      ...[
        ["1", 0, 80, "self"],
        ["2", 80, 90, "self"],
        ["2", 90, 500, "queue"],
      ],
      ...[
        ["3", 500, 530, "self"],
        ["3", 530, 600, "idle"],
      ],
      ["4", 600, 610, "self"],
    ])
  })
})

describe("time in the queue", () => {
  const sent = span({ spanId: "1", kind: PRODUCER, startNs: 10, endNs: 20 })
  const waited = (spans: TimedSpan[], linked = new Map<string, TimedSpan>()) =>
    queuesOf(treeOf(spans), linked).map(({ node, fromNs, toNs, messages, isBefore }) => ({
      ...{ of: node.span.spanId, ns: toNs - fromNs, messages, isBefore },
    }))

  it("is from the end of sending to the start of processing, by parent", () => {
    const work = span({ spanId: "2", parentId: "1", kind: CONSUMER, startNs: 70, endNs: 80 })
    const below = span({ spanId: "3", parentId: "2", kind: CONSUMER, startNs: 72, endNs: 80 })
    expect(waited([sent, work, below])).toEqual([{ of: "2", ns: 50, messages: 1, isBefore: false }])
  })

  it("is that of the message that waited longest, by links into this trace and others", () => {
    const links = [
      { traceId: "t", spanId: "1" },
      { traceId: "other", spanId: "7" },
      { traceId: "other", spanId: "unknown" },
    ]
    const batch = span({ spanId: "2", kind: CONSUMER, links, startNs: 100, endNs: 180 })
    const other = span({ spanId: "7", kind: PRODUCER, startNs: -500, endNs: -400 })
    const linked = new Map([[placeKey({ traceId: "other", spanId: "7" }), other]])
    expect(waited([sent, batch], linked)).toEqual([{ of: "2", ns: 500, messages: 2, isBefore: false }])
    expect(waited([batch])).toEqual([])
  })

  it("is nothing, and is said, where the message came before it was sent", () => {
    const early = span({ spanId: "2", parentId: "1", kind: CONSUMER, startNs: 5, endNs: 30 })
    expect(waited([sent, early])).toEqual([{ of: "2", ns: 0, messages: 1, isBefore: true }])
  })

  it("is never negative", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        for (const { fromNs, toNs } of queuesOf(treeOf(spans), new Map()))
          expect(toNs).toBeGreaterThanOrEqual(fromNs)
      }),
    )
  })
})

describe("clock skew", () => {
  it("is found from calls, as the middle of what is possible, and corrected", () => {
    const spans = [
      span({ spanId: "1", kind: CLIENT, host: "front", startNs: 1000, endNs: 2000 }),
      span({
        spanId: "2",
        parentId: "1",
        kind: SERVER,
        host: "stock",
        service: "b",
        startNs: 300,
        endNs: 900,
      }),
      span({ spanId: "3", parentId: "2", host: "stock", service: "b", startNs: 400, endNs: 500 }),
    ]
    const skew = findSkew(treeOf(spans), 0)
    expect(skew).toEqual({
      ...{ reference: "front", contradicting: [] },
      corrections: [{ host: "stock", services: ["b"], byNs: 900, withinNs: 200, outside: 1, spans: 2 }],
    })
    expect(corrected(spans, skew).map((one) => [one.startNs, one.endNs])).toEqual([
      ...[
        [1000, 2000],
        [1200, 1800],
      ],
      [1300, 1400],
    ])
  })

  it("is at least what a message shows that came before it was sent", () => {
    const spans = [
      span({ spanId: "1", kind: PRODUCER, host: "front", startNs: 1000, endNs: 2000 }),
      span({ spanId: "2", parentId: "1", kind: CONSUMER, host: "back", startNs: 700, endNs: 9000 }),
    ]
    expect(findSkew(treeOf(spans), 0).corrections).toMatchObject([
      { host: "back", byNs: 300, withinNs: null },
    ])
  })

  it("is not seen in a callee that goes on after its caller gave up", () => {
    const spans = [
      span({ spanId: "1", kind: CLIENT, host: "front", startNs: 0, endNs: 50, isError: true }),
      span({ spanId: "2", parentId: "1", kind: SERVER, host: "back", startNs: 20, endNs: 60 }),
    ]
    expect(findSkew(treeOf(spans), 0).corrections).toEqual([])
  })

  it("is left alone where two pairs contradict each other, which is said", () => {
    const pair = (id: string, at: number, behind: number) => [
      span({ spanId: `${id}c`, kind: CLIENT, host: "front", startNs: at, endNs: at + 100 }),
      span({
        ...{ spanId: `${id}s`, parentId: `${id}c`, kind: SERVER, host: "back" },
        ...{ startNs: at + 10 - behind, endNs: at + 90 - behind },
      }),
    ]
    const skew = findSkew(treeOf([...pair("1", 0, 0), ...pair("2", 500, 300)]), 0)
    expect(skew.contradicting).toEqual([["front", "back"]])
  })

  it("leaves nothing outside, whatever the clocks and whoever calls whom", () => {
    const calls = fc.array(
      fc.record({
        parent: fc.nat(),
        host: fc.constantFrom("h0", "h1", "h2", "h3"),
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        to: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 20 },
    )
    const clocks = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(calls, clocks, fc.boolean(), (made, offsets, agree) => {
        const spans = [span({ spanId: "root", kind: SERVER, host: "h0", startNs: 0, endNs: 100_000 })]
        const servers = spans.slice()
        made.forEach(({ parent, host, from, to }, i) => {
          const within = servers[parent % servers.length]
          if (!within) return
          const place = (share: number) =>
            within.startNs + Math.floor(share * (within.endNs - within.startNs))
          const [startNs, endNs] = [place(Math.min(from, to)), place(Math.max(from, to))]
          const client = { spanId: `${i}c`, parentId: within.spanId, kind: CLIENT, host: within.host }
          const server = span({ spanId: `${i}s`, parentId: `${i}c`, kind: SERVER, host, startNs, endNs })
          spans.push(span({ ...client, startNs, endNs }), server)
          servers.push(server)
        })
        const by = (host: string) => (agree ? 0 : (offsets[Number(host.slice(1))] ?? 0))
        const seen = spans.map((one) => ({
          ...one,
          ...{ startNs: one.startNs + by(one.host), endNs: one.endNs + by(one.host) },
        }))
        const skew = findSkew(treeOf(seen), 0)
        expect(skew.contradicting).toEqual([])
        if (agree) expect(skew.corrections).toEqual([])
        const after = findSkew(treeOf(corrected(seen, skew)), 0)
        expect(after.corrections).toEqual([])
      }),
    )
  })
})

describe("the flame graph", () => {
  it("is as wide as the self times of all spans, at every level of what it has below", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const tree = treeOf(spans.map((one) => ({ ...one, name: one.service })))
        const all = flameOf(tree)
        const whole = tree.nodes.reduce((total, node) => total + selfTime(node), 0)
        expect(all?.totalNs ?? 0).toBe(whole)
        for (const open = all ? [all] : []; open.length > 0; ) {
          const flame = open.pop()
          if (!flame) break
          const below = flame.children.reduce((total, { totalNs }) => total + totalNs, 0)
          expect(flame.totalNs).toBe(flame.selfNs + below)
          open.push(...flame.children)
        }
      }),
    )
  })
})

describe("two traces side by side", () => {
  const flameOfAny = (spans: TimedSpan[]) =>
    flameOf(treeOf(spans.map((one) => ({ ...one, name: one.service }))))

  it("have every path of either once, in both where both have it", () => {
    fc.assert(
      fc.property(anySpans, anySpans, (one, other) => {
        const [here, there] = [flameOfAny(one), flameOfAny(other)]
        if (!here || !there) return
        const rows = compareFlames(here, there)
        expect(rows.filter((row) => row.here).length).toBe(sizeOf(here))
        expect(rows.filter((row) => row.there).length).toBe(sizeOf(there))
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
        const same = compareFlames(here, here)
        expect(same.every((row) => row.here === row.there)).toBe(true)
      }),
    )
  })

  const sizeOf = (top: { children: readonly { children: readonly unknown[] }[] }): number => {
    let size = -1
    for (const open: unknown[] = [top]; open.length > 0; size++) {
      const flame = open.pop()
      if (flame && typeof flame === "object" && "children" in flame && Array.isArray(flame.children))
        open.push(...flame.children)
    }
    return size
  }

  it("differ in what only one of them did, callers before what they call", () => {
    const order = [
      span({ spanId: "1", service: "orders", endNs: 100 }),
      span({ spanId: "2", parentId: "1", service: "payments", endNs: 40 }),
    ]
    const retried = [...order, span({ spanId: "3", parentId: "1", service: "stock", startNs: 50, endNs: 60 })]
    const [here, there] = [flameOfAny(order), flameOfAny(retried)]
    if (!here || !there) throw new Error("Both have spans.")
    const named = compareFlames(here, there).map((row) => [
      ...[row.depth, (row.here ?? row.there)?.longest.span.service],
      ...[row.here !== null, row.there !== null],
    ])
    expect(named).toEqual([
      ...[
        [0, "orders", true, true],
        [1, "payments", true, true],
      ],
      [1, "stock", false, true],
    ])
  })
})
