import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  addMaskingRule,
  browse,
  browseInput,
  getMessage,
  getMessageInput,
  maskAgain,
  produce,
  produceInput,
  tail,
  tailInput,
  unmask,
} from "#server/messages/index.ts"
import { commit, kafkaClient, produce as send, unique, untilClosed } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

let world: MessagesWorld
beforeAll(async () => {
  world = await messagesWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const soon = () => AbortSignal.timeout(60_000)

function look(destination: string, given: object = {}, role: "viewer" | "operator" | "admin" = "viewer") {
  const input = browseInput.parse({ cluster: CLUSTER, destination, start: { at: "newest" }, ...given })
  return browse(world.as(role), input, soon())
}

function one(destination: string, at: object, role: "viewer" | "admin" = "viewer") {
  const input = getMessageInput.parse({ cluster: CLUSTER, destination, partition: 0, offset: "0", ...at })
  return getMessage(world.as(role), input, soon())
}

/** 30 messages over three partitions, one a second, in the last minute. */
async function threePartitions(): Promise<string> {
  const began = Date.now() - 60_000
  const messages = Array.from({ length: 30 }, (_, i) => ({
    partition: i % 3,
    value: `${i}`,
    timestamp: String(began + i * 1000),
  }))
  return world.topic(messages, { partitions: 3 })
}

const values = (page: { rows: { value: { text: string } }[] }) =>
  page.rows.map((row) => Number(row.value.text))
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe("browsing messages", () => {
  it("pages from the newest to the oldest over all partitions, each message once", async () => {
    const topic = await threePartitions()
    const first = await look(topic, { limit: 12 })
    expect(values(first)).toEqual(upTo(18, 30).reverse())
    const second = await look(topic, { limit: 12, cursor: first.next })
    expect(values(second)).toEqual(upTo(6, 18).reverse())
    const third = await look(topic, { limit: 12, cursor: second.next })
    expect(values(third)).toEqual(upTo(0, 6).reverse())
    expect(third.next).toBeNull()
  })

  it("pages from the oldest, from an offset, from a time and from a group's position", async () => {
    const topic = await threePartitions()
    const first = await look(topic, { start: { at: "oldest" }, limit: 20 })
    expect(values(first)).toEqual(upTo(0, 20))
    expect(values(await look(topic, { start: { at: "oldest" }, limit: 20, cursor: first.next }))).toEqual(
      upTo(20, 30),
    )
    expect(values(await look(topic, { start: { at: "offset", offset: "9" } }))).toEqual([27, 28, 29])
    const time = Number(first.rows[12]?.timestamp ?? 0)
    expect(values(await look(topic, { start: { at: "time", time } }))).toEqual(upTo(12, 30))
    const group = unique("billing")
    await commit(kafkaClient(), group, { topic, offsets: { 0: 8, 1: 9, 2: 10 } })
    expect(values(await look(topic, { start: { at: "group", group } }))).toEqual([24, 27, 28])
    await expect(look(topic, { start: { at: "group", group: "nobody" } })).rejects.toThrow("no commit")
  })

  it("reads the chosen partitions only, and names one that there is not", async () => {
    const topic = await threePartitions()
    const page = await look(topic, { partitions: [1, 7] })
    expect(values(page)).toEqual(upTo(0, 10).map((i) => 28 - i * 3))
    expect(page.problems.map((problem) => problem.message)).toEqual(["There is no partition 7."])
  })

  it("shows null keys, tombstones, empty, large and odd values for what they are", async () => {
    const topic = await world.topic([
      { key: null, value: Buffer.alloc(10_000_000, "x") },
      { key: "gone", value: null },
      { key: Buffer.from([0, 0, 0, 7]), value: "", headers: { trace: "00-ab" } },
      { key: "", value: Buffer.from("caf\xe9 au lait, s'il vous plait", "latin1") },
    ])
    const page = await look(topic, { start: { at: "oldest" } })
    const [large, tombstone, empty, latin] = page.rows
    expect(large?.key.kind).toBe("null")
    expect(large?.value).toMatchObject({ kind: "data", bytes: 10_000_000, cut: true })
    expect(large?.value.text).toHaveLength(2000)
    expect(tombstone).toMatchObject({ key: { text: "gone" }, value: { kind: "null" } })
    expect(empty).toMatchObject({
      value: { kind: "empty" },
      key: { format: "hex" },
      headers: [{ name: "trace", text: "00-ab" }],
    })
    expect(latin).toMatchObject({ key: { kind: "empty" }, value: { format: "text" } })
    expect(latin?.value.text).toContain("caf\\xe9")
    const detail = await one(topic, { offset: "0" })
    expect(detail.value).toMatchObject({ cut: true })
    expect(detail.value.text).toHaveLength(1 << 20)
    expect(detail.raw.value?.split("\n")).toHaveLength(256)
    await expect(one(topic, { offset: "99" })).rejects.toMatchObject({ code: "not_found" })
  })

  it("shows the ends of transactions, and marks what was aborted", async () => {
    const topic = await world.topic([])
    const producer = kafkaClient().producer({
      transactionalId: unique("tx"),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ partition: 0, value: "booked" }] })
    await transaction.commit()
    await untilClosed(topic)
    const other = await producer.transaction()
    await other.send({ topic, messages: [{ partition: 0, value: "given up" }] })
    await other.abort()
    await producer.disconnect()
    await untilClosed(topic)
    const page = await look(topic)
    expect(page.rows.map((row) => row.control ?? row.withheld ?? row.value.text)).toEqual([
      "abort",
      "aborted",
      "commit",
      "booked",
    ])
    expect(await one(topic, { offset: "2" })).toMatchObject({ withheld: "aborted" })
  })

  it("follows what arrives", async () => {
    const topic = await threePartitions()
    const stop = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      const input = tailInput.parse({ cluster: CLUSTER, destination: topic })
      for await (const { rows, problems } of tail(world.as("viewer"), input, stop.signal)) {
        expect(problems).toEqual([])
        seen.push(...rows.map((row) => row.value.text))
      }
    })()
    // It follows from the end that it finds: what is sent before may be read, what was there before it began may not.
    let sent = 0
    await until("it follows", async () => {
      await send(kafkaClient(), topic, [{ partition: 0, value: `early ${sent++}` }])
      return seen.length > 0
    })
    await send(kafkaClient(), topic, [{ partition: 1, value: "new" }])
    await until("the first is seen", () => seen.includes("new"))
    await send(kafkaClient(), topic, [{ partition: 2, value: "newer" }])
    await until("the second is seen", () => seen.includes("newer"))
    stop.abort()
    await following
    expect(seen.filter((value) => !value.startsWith("early"))).toEqual(["new", "newer"])
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe("masked messages", () => {
  it("are masked for everybody until an admin says why, and then only for that admin", async () => {
    const topic = await world.topic([
      { key: "k", value: '{"card":"4111","order":1}', headers: { token: "abc" } },
    ])
    const rule = { destination: topic, kind: "path" as const, how: "hide" as const, on: CLUSTER }
    await addMaskingRule(world.as("admin"), { ...rule, part: "value", expression: "$.card" })
    await addMaskingRule(world.as("admin"), { ...rule, part: "headers", expression: "token" })
    for (const role of ["viewer", "operator", "admin"] as const) {
      const text = JSON.stringify(await look(topic, {}, role))
      expect(text).not.toContain("4111")
      expect(text).not.toContain("abc")
      expect(text).toContain("order")
    }
    expect(JSON.stringify(await one(topic, {}))).not.toContain("4111")
    expect(JSON.stringify(await one(topic, { formats: { value: "hex" } }))).not.toContain("34 31 31 31")
    expect(JSON.stringify(await one(topic, { formats: { value: "text" } }))).not.toContain("4111")
    await unmask(world.as("admin"), { cluster: CLUSTER, destination: topic, reason: "a customer asked" })
    const shown = await one(topic, {}, "admin")
    expect(shown.value.text).toContain("4111")
    expect(shown.masking.unmaskedUntil).toBeGreaterThan(Date.now())
    expect(JSON.stringify(await one(topic, {}))).not.toContain("4111")
    const entry = await world.store.prisma.auditEntry.findFirst({ where: { action: "message.unmask" } })
    expect(entry).toMatchObject({ actor: "admin@example.org", reason: "a customer asked", result: "ok" })
  })
})

describe("a live tail", () => {
  it("is masked as soon as a rule is added, and again when what was unmasked is masked", async () => {
    const topic = await world.topic([])
    const stop = new AbortController()
    const seen: string[] = []
    const input = tailInput.parse({ cluster: CLUSTER, destination: topic })
    const following = (async () => {
      for await (const { rows } of tail(world.as("admin"), input, stop.signal))
        seen.push(...rows.map((row) => row.value.text))
    })()
    const sendUntil = (what: string, shown: (text: string) => boolean) =>
      until(what, async () => {
        await send(kafkaClient(), topic, [{ value: '{"card":"4111"}' }])
        return shown(seen.at(-1) ?? "")
      })
    await sendUntil("it follows", (text) => text.includes("4111"))
    const rule = { destination: topic, part: "value", kind: "path", how: "hide", on: CLUSTER } as const
    await addMaskingRule(world.as("admin"), { ...rule, expression: "$.card" })
    await sendUntil("the rule holds", (text) => text !== "" && !text.includes("4111"))
    const place = { cluster: CLUSTER, destination: topic }
    await unmask(world.as("admin"), { ...place, reason: "a customer asked" })
    await sendUntil("it is unmasked", (text) => text.includes("4111"))
    await maskAgain(world.as("admin"), place)
    await sendUntil("it is masked again", (text) => !text.includes("4111"))
    stop.abort()
    await following
  })
})

describe("producing", () => {
  it("sends key, headers, bytes and tombstones where they should go, and audits no contents", async () => {
    const topic = await world.topic([], { partitions: 2 })
    const messages = [
      { key: "a", value: "4111", partition: 1, headers: [{ name: "h", value: "x" }] },
      { key: { base64: "AAE=" }, value: null, partition: 0 },
    ]
    const input = produceInput.parse({ cluster: CLUSTER, destination: topic, messages })
    const { positions } = await produce(world.as("operator"), input)
    expect(positions).toEqual([
      { partition: 1, offset: "0" },
      { partition: 0, offset: "0" },
    ])
    const first = await one(topic, { partition: 1 })
    expect(first).toMatchObject({
      key: { text: "a" },
      value: { text: "4111" },
      headers: [{ name: "h", text: "x" }],
    })
    expect(await one(topic, {})).toMatchObject({ value: { kind: "null" }, key: { bytes: 2 } })
    const entry = await world.store.prisma.auditEntry.findFirst({
      where: { action: "message.produce" },
      orderBy: { id: "desc" },
    })
    expect(entry).toMatchObject({ target: `${CLUSTER}/${topic}`, result: "ok" })
    expect(JSON.stringify(entry?.after)).not.toContain("4111")
  })
})
