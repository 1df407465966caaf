import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"

/** What a system's test prepares on a real server: one destination of two partitions, and one group that reads it. */
export interface ContractWorld {
  /** A new, not yet connected client. */
  connect(): Broker
  /** A client to where nothing listens. */
  connectNowhere(): Broker
  destination: string
  /** Messages written to each partition. */
  written: [number, number]
  group: string
  /** Its committed offset on partition 0; none on partition 1. */
  committed: number
}

interface ContractOptions {
  system: string
  world: () => Promise<ContractWorld & AsyncDisposable>
  /** What the system cannot do, with the reason. */
  cannot?: { messages?: string }
}

const soon = () => AbortSignal.timeout(15_000)

/** The contract of server/brokers/broker.ts. Every system passes it against its real server. */
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
        expect(Math.abs((at(1n)?.timestamp ?? 0) - Date.now())).toBeLessThan(600_000)
        expect(at(BigInt(world.written[0]))).toBeNull()
      },
    )

    it("rejects with a reason when it can tell nothing at all", async () => {
      await using broker = world.connectNowhere()
      await expect(broker.sample({}, soon())).rejects.toMatchObject({
        name: "DomainError",
        code: "unreachable",
      })
      await expect(broker.describe({ nodes: true }, soon())).rejects.toMatchObject({ name: "DomainError" })
    })

    it("ends soon after its signal aborts", async () => {
      await using broker = world.connect()
      const began = Date.now()
      await broker.sample({}, AbortSignal.abort()).catch(() => undefined)
      expect(Date.now() - began).toBeLessThan(2000)
    })

    it("can be disposed of before its first use, twice, and in the middle of a call", async () => {
      const unused = world.connect()
      await unused[Symbol.asyncDispose]()
      await unused[Symbol.asyncDispose]()
      await expect(unused.sample({}, soon())).rejects.toThrow()
      const busy = world.connect()
      const call = busy.sample({}, soon()).catch(() => undefined)
      await busy[Symbol.asyncDispose]()
      await call
    })
  })
}
