import { describe, expect, it } from "vitest"
import type { BrokerNode, Described, Partition } from "#server/brokers/broker.ts"
import { findingsOf } from "#server/brokers/kafka/findings.ts"
import { redundancyOf } from "#server/brokers/kafka/redundancy.ts"

function node(id: number, more: Partial<BrokerNode> = {}): BrokerNode {
  return {
    id,
    host: `kafka-${id}`,
    port: 9092,
    rack: null,
    controller: id === 1,
    online: true,
    logDirs: null,
    ...more,
  }
}

function partition(index: number, more: Partial<Partition> = {}): Partition {
  return {
    index,
    leader: (index % 3) + 1,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    offlineReplicas: [],
    bytes: null,
    ...more,
  }
}

type Judged = Pick<Described, "nodes" | "destinations">

function described(partitions: Partition[], nodes = [node(1), node(2), node(3)]): Judged {
  const redundancy = redundancyOf(partitions)
  return {
    nodes,
    destinations: [{ name: "orders", uid: "u", internal: false, partitions, redundancy, notes: [] }],
  }
}

const MIN_ISR = new Map([["orders", 2]])

function kinds(about: Judged): string[] {
  return findingsOf(about, MIN_ISR).map((one) => `${one.level} ${one.kind}`)
}

describe("findings of a cluster", () => {
  it("finds nothing on a healthy cluster", () => {
    expect(findingsOf(described([partition(0), partition(1), partition(2)]), MIN_ISR)).toEqual([])
  })

  it("finds a replica that is behind, as a warning", () => {
    expect(kinds(described([partition(0, { isr: [1, 2] })]))).toEqual(["warn under-replicated"])
  })

  it("finds too few in-sync replicas for producers, the worse first", () => {
    const found = findingsOf(described([partition(0, { isr: [1] })]), MIN_ISR)
    expect(found.map((one) => one.kind)).toEqual(["under-min-isr", "under-replicated"])
    expect(found[0]?.message).toMatch(/1 partition has fewer .*acks=all are refused \(orders\)/)
  })

  it("finds a partition without a leader, and says that only", () => {
    expect(kinds(described([partition(0, { leader: null, isr: [] })]))).toEqual(["bad offline"])
  })

  it("finds a broker that is down, but not one of which nothing is known", () => {
    const nodes = [node(1), node(2, { online: false }), node(3, { online: null })]
    expect(findingsOf(described([], nodes), MIN_ISR).map((one) => one.message)).toEqual(["Broker 2 is down."])
  })

  it("finds disks that fail or are nearly full", () => {
    const dir = { path: "/data", usedBytes: 1n, totalBytes: 100n, freeBytes: 50n, error: null }
    const logDirs = [dir, { ...dir, freeBytes: 5n }, { ...dir, error: "KAFKA_STORAGE_ERROR" }]
    const found = findingsOf(described([], [node(1, { logDirs })]), MIN_ISR)
    expect(found.map((one) => one.message)).toEqual([
      "The disk of /data on broker 1 is 95 % full.",
      "/data on broker 1 fails: KAFKA_STORAGE_ERROR.",
    ])
  })

  it("finds a broker that leads too much, once there is enough to share", () => {
    const all = Array.from({ length: 30 }, (_, i) => partition(i, { leader: i < 20 ? 1 : (i % 2) + 2 }))
    expect(kinds(described(all))).toEqual(["info leader-skew"])
    expect(kinds(described(all.slice(0, 3)))).toEqual([])
  })
})
