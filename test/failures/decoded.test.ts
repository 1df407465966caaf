import { buffer } from "node:stream/consumers"
import avro from "avsc"
import protobuf from "protobufjs"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { z } from "zod"
import { type Registry, startRegistry } from "#scripts/stack/registry.ts"
import {
  listFailures,
  listFailuresInput,
  listLetters,
  listLettersInput,
  planReplay,
  planReplayInput,
  readLetter,
} from "#server/failures/index.ts"
import { exportInput, exportMessages, exportValue } from "#server/messages/export.ts"
import { wire } from "#test/messages/registry-server.ts"
import { CLUSTER, deadLetter, type FailureWorld, failureWorld, shopTopics } from "./world.ts"

const CARD = "4111111111111111"
const ORDER: avro.Schema = {
  type: "record",
  name: "shop.Order",
  fields: [
    { name: "card", type: "string" },
    { name: "cents", type: "long" },
  ],
}
const ORDER_PROTO = 'syntax = "proto3"; package shop; message Order { string card = 1; int64 cents = 2; }'

const soon = () => AbortSignal.timeout(60_000)
const stack = new AsyncDisposableStack()
let registry: Registry
let world: FailureWorld
beforeAll(async () => {
  registry = stack.use(await startRegistry())
  const at = { bootstrap: inject("kafkaBootstrap"), postgresUrl: inject("postgresUrl") }
  world = stack.use(await failureWorld({ ...at, registryUrl: registry.url }))
}, 900_000)
afterAll(() => stack.disposeAsync())

async function avroOrder(cents: number): Promise<Buffer> {
  const id = await registry.register("orders-avro-dead", { schema: JSON.stringify(ORDER) })
  return wire(id, avro.Type.forSchema(ORDER).toBuffer({ card: CARD, cents }))
}

async function protobufOrder(cents: number): Promise<Buffer> {
  const id = await registry.register("orders-protobuf-dead", { schema: ORDER_PROTO, schemaType: "PROTOBUF" })
  const type = protobuf.parse(ORDER_PROTO).root.lookupType("shop.Order")
  const payload = type.encode(type.fromObject({ card: CARD, cents })).finish()
  return wire(id, Buffer.concat([Buffer.from([0]), payload]))
}

/** A value as a line of a file has it. */
function bytesOf(value: unknown): Buffer {
  if (typeof value === "string") return Buffer.from(value)
  const { base64 } = z.object({ base64: z.string() }).parse(value)
  return Buffer.from(base64, "base64")
}

const KINDS = [
  { format: "avro", order: avroOrder, said: (cents: number) => ({ cents }) },
  { format: "protobuf", order: protobufOrder, said: (cents: number) => ({ cents: String(cents) }) },
]

describe.each(KINDS)("dead letters in $format", ({ format, order, said }) => {
  const { orders, dead } = shopTopics()
  let group: { cluster: string; id: number }

  beforeAll(async () => {
    for (const topic of [orders, dead]) await world.topic(topic)
    for (const [partition, cents] of [100, 200].entries()) {
      const value = await order(cents)
      await world.send([
        { destination: orders, partition, key: null, value, headers: [], timestamp: null },
        deadLetter({ orders, dead, amount: "12,50", partition, offset: 0n, value }),
      ])
    }
    await world.index()
    const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search: orders }))
    group = { cluster: CLUSTER, id: rows[0]?.id ?? 0 }
  })

  async function letters() {
    const { rows } = await listLetters(world.ctx, listLettersInput.parse(group))
    const views = await Promise.all(
      rows.map((row) => readLetter(world.ctx, { cluster: CLUSTER, letter: row.id })),
    )
    return views.sort((one, other) => one.row.partition - other.row.partition)
  }

  async function lines() {
    const of = { kind: "range", start: { at: "oldest" } }
    const found: { text: string; line: Record<string, unknown> }[] = []
    const input = exportInput.parse({ cluster: CLUSTER, destination: dead, of })
    for await (const text of exportMessages(world.ctx, input, soon()))
      found.push({ text, line: JSON.parse(text) })
    return found
  }

  async function samples() {
    const { samples } = await planReplay(world.ctx, planReplayInput.parse(group))
    return samples.sort((one, other) => one.letter.partition - other.letter.partition)
  }

  it("are readable on their page, in the preview of a replay and in a file, on every partition", async () => {
    const views = await letters()
    expect(views).toHaveLength(2)
    for (const [partition, { dead, original, masked }] of views.entries()) {
      const whole = { card: CARD, ...said((partition + 1) * 100) }
      for (const one of [dead, original]) {
        expect(one?.value).toMatchObject({ format, masked: false, note: null })
        expect(JSON.parse(one?.value.text ?? "")).toEqual(whole)
      }
      expect([masked, dead?.editable.value]).toEqual([false, false])
      const sample = (await samples())[partition]
      expect(JSON.parse(sample?.before?.text ?? "")).toEqual(whole)
      expect(sample).toMatchObject({ changed: false, problem: null })
    }
    for (const [partition, { line }] of (await lines()).entries()) {
      const content = { card: CARD, ...said((partition + 1) * 100) }
      const { id } = views[partition]?.dead?.value.schema ?? {}
      expect(line).toMatchObject({ partition, decoded: { value: { format, schema: { id }, content } } })
      expect(bytesOf(line.value)).toEqual(await order((partition + 1) * 100))
    }
  })

  it("are masked in one field, and readable in the others, for whom a rule of the original holds", async () => {
    const rule = { destination: orders, part: "value", how: "last4", kind: "path", expression: "$.card" }
    await world.store.prisma.maskingRule.create({ data: rule })
    const shown = (partition: number) => ({ card: "••••1111", ...said((partition + 1) * 100) })
    const views = await letters()
    for (const [partition, { dead, original }] of views.entries())
      for (const one of [dead, original]) {
        expect(one?.value.masked).toBe(true)
        expect(JSON.parse(one?.value.text ?? "")).toEqual(shown(partition))
      }
    for (const [partition, sample] of (await samples()).entries())
      expect(JSON.parse(sample.before?.text ?? "")).toEqual(shown(partition))
    const found = await lines()
    expect(found).toHaveLength(2)
    for (const [partition, { line }] of found.entries())
      expect(line).toMatchObject({ value: "••••", decoded: { value: { content: shown(partition) } } })
    const at = { cluster: CLUSTER, destination: dead, partition: 1, offset: "0" }
    const bytes = await buffer(exportValue(world.ctx, at, soon()))
    expect(JSON.parse(bytes.toString())).toEqual(shown(1))
    const all = JSON.stringify([views, found, await samples(), bytes.toString()])
    expect(all).not.toContain(CARD.slice(0, 12))
    for (const [encoded] of all.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g))
      expect(Buffer.from(encoded, "base64").toString("latin1")).not.toContain(CARD.slice(0, 6))
  })
})
