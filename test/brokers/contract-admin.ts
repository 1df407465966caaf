import { expect, it } from "vitest"
import type { Admin, Broker } from "#server/brokers/broker.ts"
import type { ContractWorld } from "./contract.ts"

const soon = () => AbortSignal.timeout(60_000)
const REALLY = { dryRun: false }
const DRY = { dryRun: true }

interface Administered extends AsyncDisposable {
  broker: Broker
  admin: Admin
  /** A destination of two partitions that this test may do with as it likes. */
  name: string
}

/** What every system that can be administered does alike. */
export function testAdmin(world: () => ContractWorld): void {
  const administered = async (word: string): Promise<Administered> => {
    const broker = world().connect()
    if (!broker.admin) throw new Error("this connection cannot administer")
    const name = `${world().destination}-${word}`
    await broker.admin.createDestination({ name, partitions: 2, replicas: null, configs: [] }, REALLY, soon())
    return { broker, admin: broker.admin, name, [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose]() }
  }
  const partitionsOf = async (broker: Broker, name: string) =>
    (await broker.describe({ destinations: [name] }, soon())).destinations[0]?.partitions.length ?? null

  it("creates a destination, refuses a second of its name, and deletes it", async () => {
    await using own = await administered("made")
    const again = { name: own.name, partitions: 1, replicas: null, configs: [] }
    expect(await partitionsOf(own.broker, own.name)).toBe(2)
    for (const how of [DRY, REALLY]) {
      await expect(own.admin.createDestination(again, how, soon())).rejects.toMatchObject({
        name: "DomainError",
        code: "conflict",
      })
    }
    await own.admin.deleteDestination(own.name, soon())
    expect(await partitionsOf(own.broker, own.name)).toBeNull()
    await expect(own.admin.deleteDestination(own.name, soon())).rejects.toMatchObject({ code: "not_found" })
  })

  it("does nothing on a dry run, and says what would be refused", async () => {
    await using own = await administered("dry")
    const other = { name: `${own.name}-2`, partitions: 1, replicas: null, configs: [] }
    await own.admin.createDestination(other, DRY, soon())
    expect(await partitionsOf(own.broker, other.name)).toBeNull()
    await own.admin.growDestination({ destination: own.name, total: 3 }, DRY, soon())
    expect(await partitionsOf(own.broker, own.name)).toBe(2)
    await expect(
      own.admin.growDestination({ destination: own.name, total: 1 }, DRY, soon()),
    ).rejects.toMatchObject({
      code: "bad_input",
    })
    const wrong = { ...other, configs: [{ name: "no.such.setting", value: "1" }] }
    await expect(own.admin.createDestination(wrong, DRY, soon())).rejects.toMatchObject({ code: "bad_input" })
  })

  it("adds partitions, and never takes any away", async () => {
    await using own = await administered("grown")
    await own.admin.growDestination({ destination: own.name, total: 5 }, REALLY, soon())
    expect(await partitionsOf(own.broker, own.name)).toBe(5)
    await expect(
      own.admin.growDestination({ destination: own.name, total: 3 }, REALLY, soon()),
    ).rejects.toMatchObject({
      code: "bad_input",
    })
    await expect(
      own.admin.growDestination({ destination: "no-such-thing", total: 3 }, REALLY, soon()),
    ).rejects.toMatchObject({
      code: "not_found",
    })
  })

  it("deletes messages below a position, names what it cannot, and leaves the rest", async () => {
    await using own = await administered("emptied")
    const message = { destination: own.name, key: null, headers: [], timestamp: null }
    const messages = [0, 0, 0, 1, 1].map((partition) => ({ ...message, partition, value: Buffer.from("x") }))
    await own.broker.producer?.send(messages, soon())
    const before = [
      { destination: own.name, partition: 0, offset: 2n },
      { destination: own.name, partition: 1, offset: 99n },
      { destination: "no-such-thing", partition: 0, offset: 1n },
    ]
    const { left, problems } = await own.admin.deleteRecords(before, soon())
    expect(left).toEqual([{ destination: own.name, partition: 0, offset: 2n }])
    expect(problems.map((one) => one.part)).toEqual(
      expect.arrayContaining([
        { kind: "destination", destination: own.name, partition: 1 },
        expect.objectContaining({ kind: "destination", destination: "no-such-thing" }),
      ]),
    )
    const sampled = await own.broker.sample({ destinations: [own.name], groups: [] }, soon())
    expect(sampled.destinations[0]).toMatchObject({ starts: [2n, 0n], ends: [3n, 2n] })
  })

  it("deletes a group, and says when there is none", async () => {
    await using own = await administered("grouped")
    const group = { name: `${own.name}-group`, type: "classic" }
    const at = [{ destination: own.name, partition: 0, offset: 0n }]
    await own.broker.offsets?.commit(group, at, soon())
    await own.admin.deleteGroup(group, soon())
    expect((await own.broker.sample({ groups: [group.name] }, soon())).groups).toEqual([])
    await expect(own.admin.deleteGroup(group, soon())).rejects.toMatchObject({ code: "not_found" })
  })
}
