import { decode as msgpackDecode, encode as packed } from "@msgpack/msgpack"
import avro from "avsc"
import { decode as cborDecode, encode as cborEncode } from "cbor2"
import protobuf from "protobufjs"
import type { Message } from "#server/brokers/broker.ts"
import { findSchema } from "#server/messages/decode/find-schema.ts"
import { show } from "#server/messages/decode/job.ts"
import type { RegisteredSchema } from "#server/messages/decode/registry.ts"
import { decoders } from "#server/messages/decode/workers.ts"
import { makeMask, noMask } from "#server/messages/masking/mask.ts"
import { IN_LIST, type Lens, showMessages } from "#server/messages/shown.ts"

/**
 * Messages a second, and MB of their values, through the lens of the pages: 200 at a time, decoded in the workers and
 * printed in one line, without a rule and with one; beside the same work in this process, and beside the floor: the bare
 * library (JSON.parse, avsc, protobufjs, @msgpack/msgpack, cbor2) that makes JavaScript objects and prints nothing.
 */
const MESSAGES = Math.ceil(Number(process.argv[2] ?? 20_000) / 200) * 200
const PAGE = 200
const TIMES = 3

const AVRO: avro.Schema = {
  type: "record",
  name: "shop.Order",
  fields: [
    { name: "id", type: "long" },
    { name: "customer", type: "string" },
    { name: "card", type: "string" },
    { name: "paid", type: "boolean" },
    {
      name: "lines",
      type: {
        type: "array",
        items: {
          type: "record",
          name: "Line",
          fields: [
            { name: "sku", type: "string" },
            { name: "count", type: "int" },
            { name: "price", type: "double" },
          ],
        },
      },
    },
    { name: "note", type: ["null", "string"] },
  ],
}
const PROTO = `syntax = "proto3"; package shop;
  message Line { string sku = 1; int32 count = 2; double price = 3; }
  message Order { int64 id = 1; string customer = 2; string card = 3; bool paid = 4; repeated Line lines = 5; string note = 6; }`

const avroType = avro.Type.forSchema(AVRO, { wrapUnions: "never" })
const protoType = protobuf.parse(PROTO, { keepCase: true }).root.lookupType("shop.Order")

function order(i: number) {
  const lines = Array.from({ length: 4 }, (_, n) => ({ sku: `sku-${i}-${n}`, count: n + 1, price: 12.5 + n }))
  return {
    id: 1_000_000 + i,
    customer: `customer ${i % 997}`,
    card: "4111111111111111",
    paid: i % 2 === 0,
    lines,
    note: "leave it at the door, please",
  }
}

const framed = (id: number, payload: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 0, 0, id]), payload])
/** Confluent's path to the second message type of the file. */
const PATH = [2, 2]

interface Kind {
  encode: (value: ReturnType<typeof order>) => Buffer
  floor: (value: Buffer) => unknown
}

const KINDS: Record<string, Kind> = {
  JSON: {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    floor: (value) => JSON.parse(value.toString("utf8")),
  },
  Avro: {
    encode: (value) => framed(1, avroType.toBuffer(value)),
    floor: (value) => avroType.fromBuffer(value.subarray(5)),
  },
  Protobuf: {
    encode: (value) =>
      framed(2, Buffer.concat([Buffer.from(PATH), protoType.encode(protoType.fromObject(value)).finish()])),
    floor: (value) => protoType.decode(value.subarray(5 + PATH.length)),
  },
  MessagePack: { encode: (value) => Buffer.from(packed(value)), floor: (value) => msgpackDecode(value) },
  CBOR: { encode: (value) => Buffer.from(cborEncode(value)), floor: (value) => cborDecode(value) },
}

const SCHEMAS: Record<number, RegisteredSchema> = {
  1: { id: "1", type: "AVRO", text: JSON.stringify(AVRO), references: [] },
  2: { id: "2", type: "PROTOBUF", text: PROTO, references: [] },
}

const registry: Lens["registry"] = {
  find: async (key) => {
    const found = key.kind === "id" ? SCHEMAS[key.id] : undefined
    if (!found) throw new Error("no such schema")
    return found
  },
}

const rule = { destination: "*", part: "value", kind: "path", expression: "$.card", how: "last4" } as const
const lens: Lens = { key: "auto", value: "auto", mask: noMask, registry }
const masked: Lens = { ...lens, mask: makeMask([rule], "secret") }

function messageOf(value: Buffer, offset: number): Message {
  const rest = { timestamp: null, timestampType: null, headers: [], control: null, withheld: null }
  return { offset: BigInt(offset), key: null, value, ...rest }
}

async function throughLens(messages: readonly Message[], by: Lens): Promise<void> {
  for (let from = 0; from < messages.length; from += PAGE) {
    const page = messages.slice(from, from + PAGE).map((message) => ({ partition: 0, message }))
    for (const { value } of await showMessages(page, by, IN_LIST))
      if (!value.text.includes("leave it at the door"))
        throw new Error(`not decoded: ${value.text} ${value.note}`)
  }
}

async function here(messages: readonly Message[]): Promise<void> {
  for (const { value, headers } of messages) {
    if (!value) continue
    const found = await findSchema({ bytes: value, part: "value", headers }, "auto", registry)
    show({
      kind: "show",
      bytes: value,
      format: "auto",
      found,
      part: "value",
      mask: noMask.order,
      line: IN_LIST.line,
      withheld: 0,
    })
  }
}

/** Seconds of the quickest of some: others work on this machine too, and only ever make it slower. */
async function best(work: () => Promise<void> | void): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const began = performance.now()
    await work()
    all.push((performance.now() - began) / 1000)
  }
  return Math.min(...all)
}

// The workers alone keep no process alive.
const alive = setInterval(() => undefined, 1000)
const rows: Record<string, string>[] = []
const results: Record<string, Record<string, number>> = {}
for (const [format, { encode, floor }] of Object.entries(KINDS)) {
  const messages = Array.from({ length: MESSAGES }, (_, i) => messageOf(encode(order(i)), i))
  const bytes = messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
  const seconds = {
    floor: await best(() => {
      for (const { value } of messages) if (value) floor(value)
    }),
    "in this process": await best(() => here(messages)),
    lens: await best(() => throughLens(messages, lens)),
    "lens, masked": await best(() => throughLens(messages, masked)),
  }
  for (const [who, one] of Object.entries(seconds)) {
    results[format] = { ...results[format], [who]: Math.round(MESSAGES / one) }
    rows.push({
      format,
      who,
      "messages a second": Math.round(MESSAGES / one).toLocaleString("en"),
      "MB a second": (bytes / one / 1e6).toFixed(1),
      "of the floor": `${((100 * seconds.floor) / one).toFixed(0)} %`,
    })
  }
}
console.table(rows)
console.log(JSON.stringify({ bench: "decode", messages: MESSAGES, page: PAGE, messagesASecond: results }))
clearInterval(alive)
decoders()[Symbol.dispose]()
