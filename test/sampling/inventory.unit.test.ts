import { describe, expect, it } from "vitest"
import type { Problem, Sampled } from "#server/brokers/broker.ts"
import { compareInventory, type Inventory } from "#server/sampling/inventory.ts"

const KNOWN: Inventory = {
  destinations: new Map([
    ["orders", { id: 1, name: "orders", uid: "life-1", internal: false, partitions: 2 }],
  ]),
  groups: new Map([["billing", { id: 7, name: "billing", type: "classic", state: "stable" }]]),
  missing: new Set(),
}
const MISSED: Inventory = { ...KNOWN, missing: new Set(["billing"]) }

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
  return { name, type: "classic", state, known: true, commits: [] }
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
    cost: { requests: 0, bytesIn: 0, bytesOut: 0, ms: 0 },
    ...found,
  }
}

describe("what a sweep says of the inventory", () => {
  const node = problem({ kind: "node", node: 2 })
  const orders = problem({ kind: "destination", destination: "orders" })
  const refund = { name: "refunds", uid: "life-9", internal: false, partitions: 1 }
  const again = { name: "orders", uid: "life-2", internal: false, partitions: 2 }
  const rows: [string, Partial<Sampled>, Partial<typeof NOTHING> | object, Inventory?][] = [
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
    ["a group that two sweeps miss is gone", { groups: [] }, { goneGroups: [7] }, MISSED],
    ["a group whose broker did not answer is not gone", { groups: [], problems: [node] }, {}, MISSED],
    [
      "a group in another state",
      { groups: [group("billing", "empty")] },
      { changedGroups: [{ id: 7, type: "classic", state: "empty" }] },
    ],
  ]
  it.each(rows)("%s", (_words, found, change, known = KNOWN) => {
    expect(compareInventory(known, sampled(found))).toEqual({ ...NOTHING, ...change })
  })
})
