import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"
import { collect } from "./collect.ts"
import { type SilentServer, testAbort } from "./contract-abort.ts"
import { testAdmin } from "./contract-admin.ts"

/** What a system's test prepares on a real server: one destination of two partitions, and one group that reads it. */
export interface ContractWorld {
  /** A new, not yet connected client. */
  connect(): Broker
  /** A client to where nothing listens. */
  connectNowhere(): Broker
  destination: string
  /** A client to a server that takes connections and never answers. */
  connectSilent(): Promise<SilentServer>
  /** Messages written to each partition. */
  written: [number, number]
  /** Writes one more message to partition 1. */
  append(): Promise<void>
  group: string
  /** Its committed offset on partition 0; none on partition 1. */
  committed: number
}

interface ContractOptions {
  system: string
  world: () => Promise<ContractWorld & AsyncDisposable>
  /** What the system cannot do, with the reason. */
  cannot?: { logs?: string; messages?: string; offsets?: string; admin?: string }
}

const soon = () => AbortSignal.timeout(60_000)

/**
 * The contract of server/brokers/broker.ts, against a system's real server. It knows destinations with partitions and
 * groups that commit offsets: a system without them opts out of single capabilities, but not of `sample`.
 */
export function testBroker(options: ContractOptions): void {
  describe(`${options.system} keeps the broker contract`, () => {
    let world: ContractWorld & AsyncDisposable
    beforeAll(async () => {
      world = await options.world()
    })
    afterAll(() => world[Symbol.asyncDispose]())

    it("describes only what was asked for", async () => {
      await using broker = world.connect()
      const described = await broker.describe({ destinations: [world.destination] }, soon())
      expect(described.destinations.map((one) => one.name)).toEqual([world.destination])
      expect(described.destinations[0]?.partitions.map((one) => one.index)).toEqual([0, 1])
      expect([described.nodes, described.configs, described.groups]).toEqual([[], [], []])
    })

    it("describes nodes, configuration and groups", async () => {
      await using broker = world.connect()
      const scope = { nodes: true, configs: [world.destination], groups: [world.group] }
      const described = await broker.describe(scope, soon())
      expect(described.nodes.filter((node) => node.online).length).toBeGreaterThan(0)
      expect(described.configs[0]?.entries.length).toBeGreaterThan(0)
      expect(described.groups.map((one) => one.name)).toEqual([world.group])
      expect(described.problems).toEqual([])
    })

    it("names what does not exist, and tells the rest", async () => {
      await using broker = world.connect()
      const scope = { destinations: [world.destination, "no-such-thing"], groups: ["no-such-group"] }
      const described = await broker.describe(scope, soon())
      expect(described.destinations.map((one) => one.name)).toEqual([world.destination])
      expect(described.problems.map((one) => one.code)).toEqual(["not_found", "not_found"])
    })

    it("samples the positions that were really written and committed", async () => {
      await using broker = world.connect()
      const sampled = await broker.sample({}, soon())
      const destination = sampled.destinations.find((one) => one.name === world.destination)
      expect(destination?.ends).toEqual(world.written.map(BigInt))
      expect(destination?.starts).toEqual([0n, 0n])
      const group = sampled.groups.find((one) => one.name === world.group)
      expect(group?.known).toBe(true)
      const commits = group?.commits.find((one) => one.destination === world.destination)
      expect(commits?.offsets[0]).toBe(BigInt(world.committed))
      expect(commits?.offsets[1] ?? null).toBeNull()
      expect(sampled.cost.requests).toBeGreaterThan(0)
      expect(sampled.cost.bytesIn).toBeGreaterThan(0)
    })

    it.skipIf(options.cannot?.logs)("tells where logs begin and end, and names what it cannot", async () => {
      await using broker = world.connect()
      const read = await broker.logs?.bounds([world.destination, "no-such-thing"], soon())
      expect(read?.found).toMatchObject([
        { name: world.destination, starts: [0n, 0n], ends: world.written.map(BigInt) },
      ])
      expect(read?.problems.map((one) => one.code)).toEqual(["not_found"])
      expect(await broker.logs?.bounds([], soon())).toEqual({ found: [], problems: [] })
    })

    it.skipIf(options.cannot?.messages)(
      "reads messages by position, and says where there is none",
      async () => {
        await using broker = world.connect()
        const read = await broker.messages?.read(
          [
            { destination: world.destination, partition: 0, offset: 1n },
            { destination: world.destination, partition: 0, offset: BigInt(world.written[0]) },
          ],
          soon(),
        )
        const at = (offset: bigint) => read?.found.find((one) => one.position.offset === offset)?.message
        expect(at(1n)?.offset).toBe(1n)
        expect(Math.abs(Number(at(1n)?.timestamp ?? 0n) - Date.now())).toBeLessThan(600_000)
        expect(at(BigInt(world.written[0]))).toBeNull()
      },
    )

    it.skipIf(options.cannot?.offsets)("finds offsets by time, and names what it cannot ask", async () => {
      await using broker = world.connect()
      const at = (destination: string, partition: number, timestamp: number) => ({
        destination,
        partition,
        timestamp,
      })
      const hourAgo = Date.now() - 3_600_000
      const asked = [at(world.destination, 0, hourAgo), at(world.destination, 1, Date.now() + 3_600_000)]
      const answer = await broker.offsets?.atTime([...asked, at("no-such-thing", 0, hourAgo)], soon())
      const found = answer?.found.toSorted((a, b) => a.partition - b.partition)
      expect(found?.map((one) => one.offset)).toEqual([0n, null])
      expect(found?.[0]?.timestamp).toBeGreaterThan(hourAgo)
      expect(answer?.problems.map((one) => one.code)).toEqual(["not_found"])
    })

    it.skipIf(options.cannot?.offsets)("makes a group at a position, moves it, and forgets it", async () => {
      await using broker = world.connect()
      const group = { name: `${world.group}-made`, type: "classic" }
      const place = (partition: number) => ({ destination: world.destination, partition })
      const commits = async () => {
        const sampled = await broker.sample({ groups: [group.name] }, soon())
        return sampled.groups[0]?.commits[0]?.offsets ?? []
      }
      const both = [
        { ...place(0), offset: 2n },
        { ...place(1), offset: 1n },
      ]
      const made = await broker.offsets?.commit(group, both, soon())
      expect(made).toEqual({ written: both, problems: [] })
      expect(await commits()).toEqual([2n, 1n])
      await broker.offsets?.commit(group, [{ ...place(0), offset: 5n }], soon())
      expect(await commits()).toEqual([5n, 1n])
      const missing = { destination: "no-such-thing", partition: 0, offset: 0n }
      const partly = await broker.offsets?.commit(group, [{ ...place(0), offset: 4n }, missing], soon())
      expect(partly?.written).toEqual([{ ...place(0), offset: 4n }])
      expect(partly?.problems.map((one) => one.part)).toEqual([
        { kind: "destination", destination: "no-such-thing", partition: 0 },
      ])
      expect(await broker.offsets?.remove(group, [place(1)], soon())).toEqual({ problems: [] })
      expect(await commits()).toEqual([4n])
    })

    it.skipIf(options.cannot?.messages)("scans a range in order", async () => {
      await using broker = world.connect()
      const range = { destination: world.destination, partition: 0, from: 1n, to: BigInt(world.written[0]) }
      const ranged = await collect(broker.messages?.scan(range, soon()))
      const offsets = ranged.flatMap((batch) => batch.messages.map((message) => Number(message.offset)))
      expect(offsets).toEqual(Array.from({ length: world.written[0] - 1 }, (_, i) => i + 1))
      expect(ranged.at(-1)?.next).toBe(range.to)
      expect(ranged.at(-1)?.end).toBe(range.to)
      expect(ranged[0]?.bytes).toBeGreaterThan(0)
    })

    it.skipIf(options.cannot?.messages)("follows what arrives behind the end, until aborted", async () => {
      await using broker = world.connect()
      const range = { destination: world.destination, partition: 1, from: 0n, to: null }
      const before = world.written[1]
      const stop = new AbortController()
      let seen = 0
      for await (const batch of broker.messages?.scan(range, stop.signal) ?? []) {
        seen += batch.messages.length
        if (seen === before) await world.append()
        if (seen > before) stop.abort()
      }
      expect(seen).toBe(before + 1)
    })

    it.skipIf(options.cannot?.messages)("does not begin to scan what does not exist", async () => {
      await using broker = world.connect()
      const range = { destination: "no-such-thing", partition: 0, from: 0n, to: 1n }
      const nothing = collect(broker.messages?.scan(range, soon()))
      await expect(nothing).rejects.toMatchObject({ code: "not_found" })
      const beyond = { ...range, destination: world.destination, partition: 99 }
      const missing = collect(broker.messages?.scan(beyond, soon()))
      await expect(missing).rejects.toMatchObject({ code: "not_found" })
    })

    describe.skipIf(options.cannot?.admin)("administers", () => testAdmin(() => world))

    it("rejects with a reason when it can tell nothing at all", async () => {
      await using broker = world.connectNowhere()
      await expect(broker.sample({}, soon())).rejects.toMatchObject({
        name: "DomainError",
        code: "unreachable",
      })
      await expect(broker.describe({ nodes: true }, soon())).rejects.toMatchObject({ name: "DomainError" })
    })

    describe("asked for what never comes", () => testAbort(() => world))
  })
}
