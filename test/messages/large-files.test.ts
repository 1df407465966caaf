import { buffer } from "node:stream/consumers"
import { parse } from "csv-parse/sync"
import { CompressionTypes } from "kafkajs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { exportInput, exportMessages, exportValue } from "#server/messages/export.ts"
import { kafkaClient } from "#test/brokers/kafka-world.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

const soon = () => AbortSignal.timeout(60_000)
/** Of three bytes, four and two, so that no piece ends where a character does; a spreadsheet would run it. */
const TEXT = `=1+1 ${'"€, 🚦ü\n'.repeat(400_000)}`
const BYTES = Buffer.alloc(5 << 20, Buffer.from([0xff, 0, 0xfe, 1, 0xfd]))

describe("messages of 5 MB, as text and as bytes, between small ones", () => {
  let world: MessagesWorld
  let topic: string

  beforeAll(async () => {
    world = await messagesWorld()
    topic = await world.topic([], { partitions: 1 })
    const producer = kafkaClient().producer()
    await producer.connect()
    for (const value of ["before", TEXT, BYTES, "after"])
      await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [{ partition: 0, value }] })
    await producer.disconnect()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  async function fileOf(format: "jsonl" | "csv"): Promise<string> {
    const of = { kind: "range", start: { at: "oldest" } }
    const input = exportInput.parse({ cluster: CLUSTER, destination: topic, format, of })
    let file = ""
    for await (const piece of exportMessages(world.as("viewer"), input, soon())) {
      expect(piece.length).toBeLessThan(1 << 20)
      file += Buffer.from(piece).toString()
    }
    return file
  }

  it("come whole in JSON Lines, in small pieces", async () => {
    const lines = (await fileOf("jsonl")).trimEnd().split("\n")
    const values = lines.map((line) => JSON.parse(line).value)
    expect(values.map((value) => typeof value)).toEqual(["string", "string", "object", "string"])
    expect(values[1] === TEXT).toBe(true)
    expect(Buffer.from(values[2].base64, "base64").equals(BYTES)).toBe(true)
    expect([values[0], values[3]]).toEqual(["before", "after"])
  })

  it("come whole in CSV, and no spreadsheet runs them", async () => {
    const rows: string[][] = parse(await fileOf("csv"))
    const values = rows.slice(1).map((row) => row[4])
    expect(values[1] === `'${TEXT}`).toBe(true)
    expect(values[2] === `base64:${BYTES.toString("base64")}`).toBe(true)
    expect([values[0], values[3]]).toEqual(["before", "after"])
  })

  it("come whole as the bytes of one value", async () => {
    const at = { cluster: CLUSTER, destination: topic, partition: 0, offset: "2" }
    expect((await buffer(exportValue(world.as("viewer"), at, soon()))).equals(BYTES)).toBe(true)
  })
})
