import { describe, expect, it } from "vitest"
import { observed } from "#server/brokers/observed.ts"
import { DeadDestinations } from "#server/failures/indexing/sources.ts"
import { indexWaiting } from "#server/failures/indexing/watch.ts"
import { kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { newMessage } from "#test/brokers/producer-contract.ts"
import { deadLetter, failureWorld, shopTopics } from "./world.ts"

const groupsOf = (world: Awaited<ReturnType<typeof failureWorld>>) =>
  world.store.prisma.failureGroup.findMany({ orderBy: { id: "asc" } })

describe("indexing of dead letters", () => {
  it("makes one group of one cause, and counts what arrives once", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(orders)
    await world.topic(dead)
    const at = Date.UTC(2026, 10, 20, 9, 14, 30)
    await world.send([
      deadLetter({ orders, dead, amount: "12,50", partition: 0, offset: 7n, at }),
      deadLetter({ orders, dead, amount: "7,99", partition: 1, offset: 3n, at: at + 1000 }),
      deadLetter({ orders, dead, amount: "1.000,00", partition: 2, offset: 9n, at: at + 61_000 }),
      newMessage(dead, { value: Buffer.from("?"), partition: 0, timestamp: at }),
    ])
    // A partition whose end the broker does not tell just now waits for the next sweep.
    await expect
      .poll(async () => {
        await world.index()
        return (await groupsOf(world)).reduce((sum, one) => sum + one.messages, 0n)
      })
      .toBe(4n)
    await world.index()
    const groups = await groupsOf(world)
    expect(groups).toHaveLength(2)
    const group = groups.find((one) => one.exceptionType !== null)
    expect(group).toMatchObject({
      state: "open",
      exceptionType: "java.lang.NumberFormatException",
      message: 'For input string: "…"',
      frame: "com.example.shop.Amounts.parse Amounts.java",
      consumerGroup: "payment",
      destination: orders,
      messages: 3n,
      firstSeenAt: new Date(at),
      lastSeenAt: new Date(at + 61_000),
    })
    const minutes = await world.store.prisma.failureMinute.findMany({
      where: { groupId: group?.id ?? 0 },
      orderBy: { minute: "asc" },
    })
    expect(minutes.map((one) => [one.minute.getTime(), one.messages])).toEqual([
      [at - 30_000, 2],
      [at + 30_000, 1],
    ])
    await world.send([deadLetter({ orders, dead, amount: "3,20", partition: 1 })])
    await world.index()
    expect((await groupsOf(world)).find((one) => one.id === group?.id)?.messages).toBe(4n)
  })

  it("asks the broker for nothing while no sweep saw a dead-letter topic grow", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(dead)
    await world.send([deadLetter({ orders, dead, amount: "12,50" })])
    await world.index()
    const calls: string[] = []
    const broker = observed(world.broker, { observe: ({ call }) => calls.push(call) })
    const options = { forget: true, known: new DeadDestinations() }
    await indexWaiting({ ...world.parts, broker }, options, AbortSignal.timeout(60_000))
    expect(calls).toEqual([])
    await world.send([deadLetter({ orders, dead, amount: "7,99" })])
    await world.sweep()
    await indexWaiting({ ...world.parts, broker }, options, AbortSignal.timeout(60_000))
    expect(calls).toEqual(["logs.bounds", "messages.scan"])
    expect(await groupsOf(world)).toMatchObject([{ messages: 2n }])
  })

  it("takes up where another process stopped, and two at once count nothing twice", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(dead)
    const many = Array.from({ length: 1300 }, (_, i) =>
      deadLetter({ orders, dead, amount: `${i},50`, partition: i % 3 }),
    )
    await world.send(many)
    await Promise.all([world.index(), world.index(), world.index()])
    await world.index()
    expect((await groupsOf(world)).map((one) => one.messages)).toEqual([1300n])
    expect(await world.store.prisma.failureMessage.count()).toBe(1300)
  })

  it("leaves out what was aborted, and waits for what is not committed yet", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(dead, 1)
    const transaction = { transactionalId: unique("payment"), maxInFlightRequests: 1, idempotent: true }
    const producer = kafkaClient().producer(transaction)
    await producer.connect()
    const die = async (amount: string) => {
      const { key, value, headers } = deadLetter({ orders, dead, amount })
      const named = Object.fromEntries(headers.map((header) => [header.key, header.value ?? ""]))
      const begun = await producer.transaction()
      await begun.send({ topic: dead, messages: [{ key, value, headers: named, partition: 0 }] })
      return begun
    }
    const counted = async () => {
      await world.index()
      return Number((await groupsOf(world))[0]?.messages ?? 0n)
    }
    const first = await die("1,5")
    expect(await counted()).toBe(0)
    await first.abort()
    const second = await die("2,5")
    expect(await counted()).toBe(0)
    await second.commit()
    await producer.disconnect()
    await expect.poll(counted).toBe(1)
    const letters = await world.store.prisma.failureMessage.findMany({ select: { offset: true } })
    expect(letters).toEqual([{ offset: 2n }])
  })

  it("calls a group regressed when it comes back after it was resolved, but not an ignored one", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(dead)
    const again = async (at: number) => {
      await world.send([deadLetter({ orders, dead, amount: "1,5", at })])
      await world.index()
      return (await groupsOf(world))[0]?.state
    }
    const now = Date.now()
    expect(await again(now)).toBe("open")
    await world.store.prisma.failureGroup.updateMany({
      data: { state: "resolved", stateAt: new Date(now + 1000) },
    })
    expect(await again(now + 500)).toBe("resolved")
    expect(await again(now + 2000)).toBe("regressed")
    expect(await world.store.prisma.failureEvent.count({ where: { kind: "state" } })).toBe(1)
    await world.store.prisma.failureGroup.updateMany({ data: { state: "ignored", stateAt: new Date(now) } })
    expect(await again(now + 3000)).toBe("ignored")
  })

  it("follows the rules: a name that says nothing, a mapping of its own, a name that is no dead-letter topic", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    const odd = await world.topic(`${orders}-graveyard`)
    await world.topic(dead)
    const { clusterId } = world
    await world.store.prisma.failureRule.createMany({
      data: [
        {
          clusterId,
          pattern: "*-graveyard",
          mapping: { exceptionMessage: "why", group: "who", alsoOwn: [] },
        },
        { clusterId, pattern: dead, holds: false },
      ],
    })
    const headers = [
      { key: "why", value: Buffer.from("no stock for 17") },
      { key: "who", value: Buffer.from("inventory") },
    ]
    await world.send([
      newMessage(odd, { value: Buffer.from("x"), headers }),
      deadLetter({ orders, dead, amount: "1" }),
    ])
    await world.index()
    const groups = await groupsOf(world)
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({
      message: "no stock for <n>",
      consumerGroup: "inventory",
      destination: odd,
    })
  })

  it("forgets what the broker has deleted, and keeps the count", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(dead, 1)
    await world.send(["1,1", "2,2", "3,3"].map((amount) => deadLetter({ orders, dead, amount })))
    await world.index()
    await world.broker.admin?.deleteRecords(
      [{ destination: dead, partition: 0, offset: 2n }],
      AbortSignal.timeout(60_000),
    )
    if (!world.broker.admin) return
    await world.index()
    expect(await world.store.prisma.failureMessage.count()).toBe(1)
    expect((await groupsOf(world))[0]?.messages).toBe(3n)
  })
})
