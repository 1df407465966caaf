import { CompressionTypes } from "kafkajs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { browse, browseInput } from "#server/messages/browse.ts"
import { exportInput, exportMessages } from "#server/messages/export.ts"
import { getMessage, getMessageInput } from "#server/messages/get-message.ts"
import { followSearch, searchInput, startSearch } from "#server/messages/index.ts"
import { kafkaClient } from "#test/brokers/kafka-world.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

const soon = () => AbortSignal.timeout(60_000)
const LIMIT = "larger than 64 MB when it is decompressed"

describe("a batch of 65 MB that is 65 kB compressed, between others on two partitions", () => {
  let world: MessagesWorld
  let topic: string

  beforeAll(async () => {
    world = await messagesWorld()
    topic = await world.topic([], { partitions: 3 })
    const producer = kafkaClient().producer()
    await producer.connect()
    const send = (partition: number, value: Buffer | string) =>
      producer.send({ topic, compression: CompressionTypes.GZIP, messages: [{ partition, value }] })
    for (const partition of [0, 1, 2]) {
      await send(partition, `before ${partition}`)
      if (partition > 0) await send(partition, Buffer.alloc(65 << 20))
      await send(partition, `after ${partition}`)
    }
    await producer.disconnect()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const all = [0, 1, 2].flatMap((partition) => [`after ${partition}`, `before ${partition}`])

  it.each(["newest", "oldest"] as const)(
    "is named on the page, from the %s on, among its neighbours",
    async (at) => {
      const input = browseInput.parse({ cluster: CLUSTER, destination: topic, start: { at } })
      const { rows, problems, next } = await browse(world.as("viewer"), input, soon())
      expect(rows.map(({ value }) => value.text).toSorted()).toEqual(all.toSorted())
      expect(next).toBeNull()
      expect(problems.map(({ message }) => message).toSorted()).toEqual([
        expect.stringMatching(`^Partition 1: The message at offset 1 .*${LIMIT}`),
        expect.stringMatching(`^Partition 2: The message at offset 1 .*${LIMIT}`),
      ])
    },
  )

  it("is named where it is opened, and its neighbours are opened", async () => {
    const open = (offset: number) =>
      getMessage(
        world.as("viewer"),
        getMessageInput.parse({ cluster: CLUSTER, destination: topic, partition: 1, offset: String(offset) }),
        soon(),
      )
    await expect(open(1)).rejects.toThrow(LIMIT)
    expect((await open(2)).value.text).toBe("after 1")
  })

  it("ends a file with an error, and is not in the way of those that are chosen", async () => {
    const lines = async (of: object) => {
      const input = exportInput.parse({ cluster: CLUSTER, destination: topic, of })
      const values: string[] = []
      for await (const line of exportMessages(world.as("viewer"), input, soon()))
        values.push(JSON.parse(line).value)
      return values
    }
    await expect(lines({ kind: "range", start: { at: "oldest" } })).rejects.toThrow(LIMIT)
    const at = (offset: number) => [1, 2].map((partition) => ({ partition, offset: String(offset) }))
    await expect(lines({ kind: "some", positions: at(1) })).rejects.toThrow(LIMIT)
    expect(await lines({ kind: "some", positions: at(2) })).toEqual(["after 1", "after 2"])
  })

  it("is named by a search, which finds what lies behind it", async () => {
    const question = { match: { kind: "contains", text: "after" } }
    const input = searchInput.parse({ cluster: CLUSTER, destination: topic, question })
    const { id } = await startSearch(world.as("operator"), input)
    for await (const view of followSearch(world.as("operator"), { cluster: CLUSTER, id }, soon())) {
      if (view.state !== "done") continue
      expect(view.matched).toBe(3)
      expect(JSON.stringify(view)).toContain(LIMIT)
    }
  })
})
