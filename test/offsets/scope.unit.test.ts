import { describe, expect, it } from "vitest"
import { parseCsv } from "#server/offsets/csv.ts"
import type { Scope, Strategy } from "#server/offsets/model.ts"
import { destinationsOf, placesOf } from "#server/offsets/scope.ts"
import type { Place } from "#server/place.ts"

const at = (destination: string, partition: number): Place => ({ destination, partition })
const OWN = [at("orders", 0), at("orders", 1), at("parcels", 0)]
const PARTITIONS = new Map([
  ["orders", [0, 1, 2]],
  ["parcels", [0, 1]],
  ["ledger", [0]],
])

function reach(strategy: Strategy, only: Scope, given: { own?: Place[]; named?: Place[] } = {}) {
  const all = { strategy, only, own: OWN, named: [], partitions: PARTITIONS, ...given }
  return placesOf(all).map((one) => `${one.destination}/${one.partition}`)
}

describe("the partitions that a plan is about", () => {
  it("are all of every topic that the group reads", () => {
    expect(reach({ kind: "earliest" }, null)).toEqual([
      "orders/0",
      "orders/1",
      "orders/2",
      "parcels/0",
      "parcels/1",
    ])
  })

  it("are those of the topics and partitions that were named, in order, once", () => {
    const only = [{ destination: "parcels", partitions: [1, 0, 1] }, { destination: "ledger" }]
    expect(reach({ kind: "latest" }, only)).toEqual(["ledger/0", "parcels/0", "parcels/1"])
  })

  it("keep what does not exist, so that the plan can say so", () => {
    const only = [{ destination: "no-such" }, { destination: "ledger", partitions: [9] }]
    expect(reach({ kind: "latest" }, only)).toEqual(["ledger/9", "no-such/0"])
    expect(reach({ kind: "latest" }, null, { own: [at("gone", 3)] })).toEqual(["gone/3"])
  })

  it("are the commits alone when they are deleted", () => {
    expect(reach({ kind: "forget" }, null)).toEqual(["orders/0", "orders/1", "parcels/0"])
  })

  it("are the lines of the file, within what was named", () => {
    const named = [at("orders", 2), at("ledger", 0)]
    expect(reach({ kind: "csv", text: "" }, null, { named })).toEqual(["ledger/0", "orders/2"])
    expect(reach({ kind: "csv", text: "" }, [{ destination: "orders" }], { named })).toEqual(["orders/2"])
  })

  it("are the other group's topics for a group that has no commit yet", () => {
    const other = { own: [], named: [at("ledger", 0)] }
    expect(reach({ kind: "group", group: "audit" }, null, other)).toEqual(["ledger/0"])
    expect(destinationsOf({ strategy: { kind: "group", group: "audit" }, only: null, ...other })).toEqual([
      "ledger",
    ])
  })
})

describe("a file of positions", () => {
  it("reads what kafka-consumer-groups --export writes, with or without a header", () => {
    const rows = [{ destination: "orders", partition: 1, offset: 42 }]
    expect(parseCsv('topic,partition,offset\r\n"orders",1,42\n\n')).toEqual(rows)
    expect(parseCsv("orders;1;42")).toEqual(rows)
    expect(parseCsv('\ufeff# exported\n \n "orders" , 1, 42 \n')).toEqual(rows)
  })

  it.each([
    ["orders,1", /Line 1 .* not topic,partition,offset/],
    ["orders,1,2\norders,x,3", /Line 2/],
    ["orders,1,-3", /Line 1/],
    ["orders,1,2\norders,1,3", /Line 2 .* named twice/],
    ["orders,1,9999999999999999", /too large/],
    ["topic,partition,offset", /has no line/],
    ["topic", /Line 1 .* not topic,partition,offset/],
    ["# all\n\norders,1,2\n,,", /Line 4 .* not topic,partition,offset/],
    ['orders,1,2\n"orders,1,2', /Line 2 .* quotes/],
  ])("names the line that cannot be used: %s", (text, message) => {
    expect(() => parseCsv(text)).toThrow(message)
  })
})
