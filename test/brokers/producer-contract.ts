import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import type { Broker, NewMessage, Position, Producer } from "#server/brokers/broker.ts"
import { seededRandom } from "#test/random.ts"
import { unique } from "./kafka-world.ts"

export interface ProducerWorld {
  connect(): Broker
  /** Makes a destination with so many partitions, and answers its name. */
  destination(partitions: number): Promise<string>
  /** Values of all messages that a careful reader sees: those of unfinished transfers are not among them. */
  committed(destination: string): Promise<string[]>
}

const soon = () => AbortSignal.timeout(60_000)

export function newMessage(destination: string, over: Partial<NewMessage> = {}): NewMessage {
  return { destination, partition: null, key: null, value: null, headers: [], timestamp: null, ...over }
}

function producerOf(broker: Broker): Producer {
  if (!broker.producer) throw new Error("this broker cannot produce")
  return broker.producer
}

/** The contract of Producer in server/brokers/broker.ts: every system that has one passes it. */
export function testProducer(system: string, world: ProducerWorld): void {
  describe(`${system} keeps the contract of producers`, () => {
    it("sends messages as they are, and answers where they lie, in the order they were given", async () => {
      await using broker = world.connect()
      const name = await world.destination(3)
      const headers = [
        { key: "attempt", value: Buffer.from([0, 0, 0, 1]) },
        { key: "none", value: null },
        { key: "attempt", value: Buffer.alloc(0) },
      ]
      const sent = [
        newMessage(name, {
          partition: 2,
          key: Buffer.from("k"),
          value: Buffer.from([0xff, 0]),
          headers,
          timestamp: 1_700_000_000_123,
        }),
        newMessage(name, { partition: 0, key: Buffer.alloc(0), value: Buffer.alloc(0) }),
        newMessage(name, { partition: 2, key: Buffer.from("gone"), value: null }),
      ]
      const positions = await producerOf(broker).send(sent, soon())
      expect(positions.map((one) => [one.partition, one.offset])).toEqual([
        [2, 0n],
        [0, 0n],
        [2, 1n],
      ])
      const read = await broker.messages?.read(positions, soon())
      const at = (position?: Position) => read?.found.find((one) => one.position === position)?.message
      expect(at(positions[0])).toMatchObject({
        key: sent[0]?.key,
        value: sent[0]?.value,
        headers,
        timestamp: 1_700_000_000_123n,
      })
      expect(at(positions[1])).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] })
      expect(at(positions[2])).toMatchObject({ key: Buffer.from("gone"), value: null })
    })

    it("sends more than fits into one batch, in order", async () => {
      await using broker = world.connect()
      const name = await world.destination(1)
      const messages = Array.from({ length: 40 }, (_, i) =>
        newMessage(name, { value: Buffer.concat([Buffer.from(`${i} `), Buffer.alloc(100_000, 46)]) }),
      )
      const positions = await producerOf(broker).send(messages, soon())
      expect(positions.map((one) => one.offset)).toEqual(messages.map((_, i) => BigInt(i)))
      const values = await world.committed(name)
      expect(values.map((value) => value.split(" ")[0])).toEqual(messages.map((_, i) => String(i)))
    })

    it("says what is wrong with a destination, a partition or a size", async () => {
      await using broker = world.connect()
      const name = await world.destination(2)
      const send = (over: Partial<NewMessage>) =>
        producerOf(broker).send([newMessage(name, { value: Buffer.from("x"), ...over })], soon())
      await expect(send({ destination: unique("nowhere") })).rejects.toMatchObject({ code: "not_found" })
      await expect(send({ partition: 7 })).rejects.toMatchObject({ code: "bad_input" })
      await expect(send({ value: Buffer.alloc(3_000_000) })).rejects.toMatchObject({ code: "bad_input" })
      expect(await world.committed(name)).toEqual([])
    })

    it("keeps the progress of a transfer for whoever opens it next, and forgets it when told", async () => {
      await using broker = world.connect()
      const name = await world.destination(1)
      const id = unique("transfer")
      const source = await world.destination(2)
      const worked = (offset: bigint) => [{ destination: source, partition: 1, offset }]
      const first = await producerOf(broker).openTransfer(id, soon())
      expect(await first.progress(soon())).toEqual([])
      await first.step([newMessage(name, { value: Buffer.from("1") })], worked(5n), soon())
      await first.step([newMessage(name, { value: Buffer.from("2") })], worked(9n), soon())
      await first.step([], worked(12n), soon())
      await first[Symbol.asyncDispose]()
      const second = await producerOf(broker).openTransfer(id, soon())
      expect(await second.progress(soon())).toEqual(worked(12n))
      expect(await world.committed(name)).toEqual(["1", "2"])
      const { groups } = await broker.sample({ destinations: [] }, soon())
      const described = await broker.describe({ groups: "all" }, soon())
      expect([...groups, ...described.groups].filter((one) => one.name.includes(id))).toEqual([])
      await second.forget(soon())
      expect(await second.progress(soon())).toEqual([])
      await second.forget(soon())
    })

    it("shuts out the earlier holder of a transfer for good", async () => {
      await using broker = world.connect()
      await using elsewhere = world.connect()
      const name = await world.destination(1)
      const id = unique("transfer")
      const step = (value: string, offset: bigint) =>
        [
          [newMessage(name, { value: Buffer.from(value) })],
          [{ destination: name, partition: 0, offset }],
          soon(),
        ] as const
      const earlier = await producerOf(broker).openTransfer(id, soon())
      await earlier.step(...step("by the earlier", 1n))
      const later = await producerOf(elsewhere).openTransfer(id, soon())
      await expect(earlier.step(...step("too late", 2n))).rejects.toMatchObject({ code: "conflict" })
      await later.step(...step("by the later", 2n))
      await expect(earlier.step(...step("never", 3n))).rejects.toMatchObject({ code: "conflict" })
      expect(await later.progress(soon())).toEqual([{ destination: name, partition: 0, offset: 2n }])
      expect(await world.committed(name)).toEqual(["by the earlier", "by the later"])
    })

    it("loses none and doubles none when steps are cut off at any moment", async () => {
      const name = await world.destination(3)
      const source = await world.destination(1)
      const id = unique("transfer")
      const total = 120
      const random = seededRandom("steps cut off at any moment")
      let [patience, before, cuts] = [100, -1, 0]
      for (;;) {
        await using broker = world.connect()
        const transfer = await producerOf(broker).openTransfer(id, soon())
        let done = Number((await transfer.progress(soon()))[0]?.offset ?? 0n)
        if (done === total) break
        // On a busy machine one step may take longer than the last round was given.
        if (done === before) patience *= 1.5
        before = done
        const cut = new AbortController()
        void sleep(random() * patience).then(() => cut.abort(new Error("cut off")))
        while (done < total && !cut.signal.aborted) {
          const next = Math.min(total, done + 5)
          const messages = Array.from({ length: next - done }, (_, i) =>
            newMessage(name, { value: Buffer.from(String(done + i)) }),
          )
          const worked = [{ destination: source, partition: 0, offset: BigInt(next) }]
          await transfer.step(messages, worked, cut.signal).catch(() => undefined)
          done = next
        }
        if (cut.signal.aborted) cuts += 1
      }
      expect(cuts).toBeGreaterThan(0)
      const values = (await world.committed(name)).map(Number).sort((a, b) => a - b)
      expect(values).toEqual(Array.from({ length: total }, (_, i) => i))
    })
  })
}
