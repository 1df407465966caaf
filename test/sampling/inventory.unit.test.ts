import { describe, expect, it } from "vitest"
import type { Problem, Sampled } from "#server/brokers/broker.ts"
import {
  compareInventory,
  GROUP_GONE_AFTER_MS,
  type Inventory,
  missingGroups,
} from "#server/sampling/inventory.ts"

const KNOWN: Inventory = {
  destinations: new Map([
    ["orders", { id: 1, name: "orders", uid: "life-1", internal: false, partitions: 2 }],
  ]),
  groups: new Map([["billing", { id: 7, name: "billing", type: "classic", state: "stable" }]]),
  missing: new Map(),
}

const NOTHING = {
  newDestinations: [],
  goneDestinations: [],
  grown: [],
  newGroups: [],
  goneGroups: [],
  changedGroups: [],
}

function topic(name: string, uid: string, partitions: number): Sampled["destinations"][number] {
  const offsets = Array.from({ length: partitions }, () => 0n)
  return { name, uid, internal: false, starts: offsets, ends: offsets }
}

function group(name: string, state: string): Sampled["groups"][number] {
  return { name, type: "classic", state, empty: state === "empty", known: true, commits: [] }
}

function problem(part: Problem["part"]): Problem {
  return { part, code: "timeout", message: "no answer" }
}

function sampled(found: Partial<Sampled>): Sampled {
  return {
    at: 0,
    destinations: [topic("orders", "life-1", 2)],
    groups: [group("billing", "stable")],
    problems: [],
    nodes: [],
    cost: { requests: 0, bytesIn: 0, bytesOut: 0, ms: 0 },
    ...found,
  }
}

describe("what a sweep says of the inventory", () => {
  const orders = problem({ kind: "destination", destination: "orders" })
  const refund = { name: "refunds", uid: "life-9", internal: false, partitions: 1 }
  const again = { name: "orders", uid: "life-2", internal: false, partitions: 2 }
  const rows: [string, Partial<Sampled>, Partial<typeof NOTHING> | object][] = [
    ["all is as it was", {}, {}],
    [
      "a new topic",
      { destinations: [topic("orders", "life-1", 2), topic("refunds", "life-9", 1)] },
      { newDestinations: [refund] },
    ],
    ["a topic that is gone", { destinations: [] }, { goneDestinations: [1] }],
    ["a topic that could not be read is not gone", { destinations: [], problems: [orders] }, {}],
    [
      "a topic of another life",
      { destinations: [topic("orders", "life-2", 2)] },
      { goneDestinations: [1], newDestinations: [again] },
    ],
    [
      "more partitions",
      { destinations: [topic("orders", "life-1", 6)] },
      { grown: [{ id: 1, partitions: 6 }] },
    ],
    [
      "a new group",
      { groups: [group("billing", "stable"), group("audit", "empty")] },
      { newGroups: [{ name: "audit", type: "classic", state: "empty" }] },
    ],
    ["a group that one sweep misses is not gone", { groups: [] }, {}],
    [
      "a group in another state",
      { groups: [group("billing", "empty")] },
      { changedGroups: [{ id: 7, type: "classic", state: "empty" }] },
    ],
  ]
  it.each(rows)("%s", (_words, found, change) => {
    expect(compareInventory(KNOWN, sampled(found))).toEqual({ ...NOTHING, ...change })
  })
})

describe("a group that sweeps miss", () => {
  const names = ["billing", "audit", "mailing"]
  const groups = new Map(names.map((name, id) => [name, { id, name, type: "classic", state: "stable" }]))
  const away = problem({ kind: "node", node: 2 })
  /** The ids that each of some sweeps counts as gone; groups stay known here. */
  function gone(
    everyMs: number,
    sweeps: { lists: string[]; problems?: Problem[]; at?: number }[],
  ): number[][] {
    let inventory: Inventory = { ...KNOWN, groups, missing: new Map() }
    return sweeps.map(({ lists, problems = [], at }, i) => {
      const found = sampled({
        at: at ?? i * everyMs,
        groups: lists.map((name) => group(name, "stable")),
        problems,
      })
      const { goneGroups } = compareInventory(inventory, found)
      inventory = { ...inventory, missing: missingGroups(inventory, found) }
      return goneGroups
    })
  }
  const all = { lists: names }
  const without = { lists: ["audit"] }
  const failing = { ...without, problems: [away] }

  it("is gone after half a minute, whatever the interval, and each for itself", () => {
    const half = GROUP_GONE_AFTER_MS / 2
    expect(gone(half, [all, without, without, without])).toEqual([[], [], [], [0, 2]])
    const one = { lists: ["audit", "mailing"] }
    expect(gone(half, [all, one, without, without, without])).toEqual([[], [], [], [0], [0, 2]])
  })

  it("is gone with the second sweep at the earliest", () => {
    expect(gone(2 * GROUP_GONE_AFTER_MS, [all, without, without])).toEqual([[], [], [0, 2]])
  })

  it("does not flicker at short intervals while its coordinator moves", () => {
    const moving = Array.from({ length: 29 }, () => without)
    expect(gone(1000, [all, ...moving, all, ...moving, all]).flat()).toEqual([])
  })

  it("is not gone while a broker does not answer, nor right after it does again", () => {
    const half = GROUP_GONE_AFTER_MS / 2
    const long = Array.from({ length: 20 }, () => failing)
    expect(gone(half, [all, ...long, without, without]).flat()).toEqual([])
    expect(gone(half, [all, without, without, failing, without, without, without]).at(-1)).toEqual([0, 2])
  })

  it("is gone in time though the clock was set back", () => {
    const back = [{ ...without, at: 600_000 }, without, without, without, without]
    expect(gone(GROUP_GONE_AFTER_MS / 2, back)).toEqual([[], [], [], [0, 2], [0, 2]])
  })
})
