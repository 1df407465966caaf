import { Producer } from "@platformatic/kafka"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import {
  browse,
  browseInput,
  exportInput,
  exportMessages,
  getMessage,
  getMessageInput,
  getSearch,
  listMatches,
  matchesInput,
  searchInput,
  startSearch,
} from "#server/messages/index.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { seenUntil } from "#test/until.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

const soon = () => AbortSignal.timeout(60_000)

/** By partition, in order: what a producer may write as the time of a message. */
const NOW = String(Date.now())
const WRITTEN = [
  [NOW, "1764160000000000001", "-62135596800001", NOW],
  ["9223372036854775807", "1764160000000001", NOW],
  ["-9007199254740993", "0", "253402300800000", "8640000000000001"],
] as const

let world: MessagesWorld
const topic = unique("orders")
beforeAll(async () => {
  world = await messagesWorld()
  const kafka = kafkaClient()
  const config = { "message.timestamp.after.max.ms": "9223372036854775807" }
  await createTopic(kafka, topic, { partitions: WRITTEN.length, config })
  // One batch has all of them: differences of more than 2^53 stand in it.
  // One message a batch: the producers at hand write a batch's first time exactly, and differences beyond 2^53 not.
  const producer = new Producer({
    clientId: "signalbox-test",
    bootstrapBrokers: [...inject("kafkaBootstrap")],
  })
  for (const [partition, times] of WRITTEN.entries())
    for (const [at, time] of times.entries()) {
      const message = { topic, partition, value: Buffer.from(`${partition}/${at}`), timestamp: BigInt(time) }
      await producer.send({ messages: [message] })
    }
  await producer.close()
})
afterAll(() => world[Symbol.asyncDispose]())

const all = WRITTEN.flatMap((times, partition) =>
  times.map((time, at) => ({ place: `${partition}/${at}`, time })),
)
const byPlace = (a: { place: string }, b: { place: string }) => a.place.localeCompare(b.place)

async function pages(at: "newest" | "oldest", limit: number) {
  const rows: { place: string; time: string | null }[] = []
  const input = { cluster: CLUSTER, destination: topic, start: { at }, limit }
  let cursor: unknown
  do {
    const page = await browse(world.as("viewer"), browseInput.parse({ ...input, cursor }), soon())
    expect(page.problems).toEqual([])
    for (const row of page.rows) rows.push({ place: row.value.text, time: row.timestamp })
    cursor = page.next
  } while (cursor)
  return rows
}

it.each(["newest", "oldest"] as const)(
  "pages from the %s show each message once, its time to the last digit",
  async (at) => {
    const rows = await pages(at, 2)
    expect(rows.toSorted(byPlace)).toEqual(all.toSorted(byPlace))
    expect(rows).toEqual(await pages(at, 50))
  },
)

it("an opened message shows its time to the last digit", async () => {
  const open = (partition: number, offset: string) =>
    getMessage(
      world.as("viewer"),
      getMessageInput.parse({ cluster: CLUSTER, destination: topic, partition, offset }),
      soon(),
    )
  expect((await open(0, "1")).timestamp).toBe("1764160000000000001")
  expect((await open(1, "0")).timestamp).toBe("9223372036854775807")
  expect((await open(2, "0")).timestamp).toBe("-9007199254740993")
})

it.each(["jsonl", "csv"])("a file of all messages as %s has every line, and every digit", async (format) => {
  const of = { kind: "range", start: { at: "oldest" } }
  const input = exportInput.parse({ cluster: CLUSTER, destination: topic, format, of })
  let file = ""
  for await (const line of exportMessages(world.as("viewer"), input, soon())) file += line
  const lines = file.trim().split("\n")
  expect(lines).toHaveLength(all.length + (format === "csv" ? 1 : 0))
  for (const { place, time } of all) {
    const line = lines.find((one) => one.includes(place))
    const [partition] = place.split("/")
    if (format === "jsonl") {
      expect(line).toContain(`"timestamp":${time},`)
      expect(JSON.parse(line ?? "")).toMatchObject({ partition: Number(partition), value: place })
    } else if (time !== NOW && time !== "0") expect(line).toContain(`,${time},`)
  }
})

it("a search finds them, and its pages show them", async () => {
  const question = { match: { kind: "pattern", text: "^[0-9]/[0-9]$" } }
  const ctx = world.as("operator")
  const { id } = await startSearch(ctx, searchInput.parse({ cluster: CLUSTER, destination: topic, question }))
  const view = await seenUntil(
    () => getSearch(ctx, { cluster: CLUSTER, id }),
    ({ state }) => state !== "queued" && state !== "running",
  )
  expect(view).toMatchObject({ state: "done" })
  const found: { place: string; time: string | null }[] = []
  for (let page = 1; page <= 4; page++) {
    const { rows } = await listMatches(ctx, matchesInput.parse({ cluster: CLUSTER, id, page, pageSize: 3 }))
    for (const row of rows) found.push({ place: row.value.text, time: row.timestamp })
  }
  expect(found.toSorted(byPlace)).toEqual(all.toSorted(byPlace))
})
