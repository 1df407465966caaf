import { describe, expect, it } from "vitest"
import { MAX_DEPTH, MAX_NODES } from "#server/messages/decode/budget.ts"
import { type Decoded, decode } from "#server/messages/decode/decode.ts"
import type { FoundSchema } from "#server/messages/decode/find-schema.ts"
import { headerValue } from "#server/messages/decode/header-value.ts"
import type { RegisteredSchema } from "#server/messages/decode/registry.ts"
import { schemaRefOf } from "#server/messages/decode/wire.ts"
import { printTree } from "#server/messages/json.ts"
import { ObjectTree, type Tree } from "#server/messages/tree.ts"
import { forEachMutation, LONG } from "./mutate.ts"
import { BINARY_SEEDS, CBOR_SEEDS, JSON_SEEDS, MSGPACK_SEEDS, TEXT_SEEDS, XML_SEEDS } from "./seeds.ts"

/** What a page shows of one message at most. */
const MAX_PRINTED = 2_000_000

/** What holds of every input: something can be shown of it, and it is no larger than the limits. */
function expectBounded(decoded: Decoded): void {
  if (decoded.tree !== undefined) {
    const size = sizeOf(decoded.tree, 0)
    if (size > MAX_NODES) expect(size).toBeLessThanOrEqual(MAX_NODES)
    printTree(decoded.tree, 2, MAX_PRINTED)
  } else if (decoded.text === null && decoded.format !== "hex") expect(decoded.format).toBe("hex")
  if (decoded.limit !== null && decoded.note === null) expect(decoded.note).not.toBeNull()
}

/** Values in a tree; deeper than the limit fails. */
function sizeOf(tree: Tree, depth: number): number {
  if (depth > MAX_DEPTH + 1) expect(depth).toBeLessThanOrEqual(MAX_DEPTH + 1)
  if (Array.isArray(tree)) return tree.reduce<number>((sum, one) => sum + sizeOf(one, depth + 1), 1)
  if (tree instanceof ObjectTree)
    return tree.entries.reduce((sum, [, value]) => sum + sizeOf(value, depth + 1), 1)
  return 1
}

describe("100,000 mutated messages never make a decoder throw, hang or grow", { timeout: LONG }, () => {
  it.each([
    ["json", JSON_SEEDS],
    ["msgpack", MSGPACK_SEEDS],
    ["cbor", CBOR_SEEDS],
    ["xml", XML_SEEDS],
    ["text", TEXT_SEEDS],
    ["hex", TEXT_SEEDS],
  ] as const)("%s", (format, seeds) => {
    forEachMutation(format, { seeds }, (bytes) => expectBounded(decode(bytes, format, null)))
  })

  it("whatever it looks like", () => {
    const seeds = [...JSON_SEEDS, ...XML_SEEDS, ...BINARY_SEEDS]
    forEachMutation("auto", { seeds }, (bytes) => expectBounded(decode(bytes, "auto", null)))
  })

  it("header values, short and long", () => {
    forEachMutation("header", { seeds: [...BINARY_SEEDS, ...JSON_SEEDS] }, (bytes) => {
      const { text } = headerValue(bytes, 40)
      if (text.length > 80) expect(text.length).toBeLessThanOrEqual(80)
      headerValue(bytes, null)
    })
  })

  it("marks of schemas, in first bytes and headers", () => {
    const confluent = Buffer.from("0000000007", "hex")
    const seeds = [
      confluent,
      Buffer.concat([Buffer.from([1]), Buffer.alloc(16, 7)]),
      Buffer.from("03001122334455661788b9aabbccddeeff0102", "hex"),
      Buffer.from("avro/binary+00112233445566778899aabbccddeeff"),
    ]
    const names = [
      "__value_schema_id",
      "apicurio.value.globalId",
      "content-type",
      "apicurio.value.artifactId",
    ]
    let turn = 0
    forEachMutation("framing", { seeds }, (value) => {
      const key = names[turn++ % names.length] ?? ""
      const ref = schemaRefOf({ bytes: value, part: "value", headers: [{ key, value }] })
      if (ref && ref.payloadAt > value.length) expect(ref.payloadAt).toBeLessThanOrEqual(value.length)
    })
  })
})

const AVRO_SCHEMA = {
  type: "record",
  name: "Order",
  fields: [
    { name: "id", type: "long" },
    { name: "at", type: { type: "long", logicalType: "timestamp-micros" } },
    { name: "price", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
    { name: "state", type: { type: "enum", name: "State", symbols: ["NEW", "PAID"] } },
    { name: "lines", type: { type: "array", items: ["null", "string", "Order"] } },
    { name: "tags", type: { type: "map", values: "double" } },
    { name: "key", type: { type: "fixed", name: "Key", size: 4 } },
  ],
}
const PROTOBUF_SCHEMA = `syntax = "proto3";
  import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto";
  enum S { NEW = 0; PAID = 1; }
  message O { string id = 1; S s = 2; repeated int32 n = 3; map<string, O> m = 4; oneof x { bytes b = 5; double d = 6; }
    google.protobuf.Timestamp at = 7; google.protobuf.Any any = 8; O inner = 9; repeated fixed64 f = 10; sint64 z = 11; }`

const AVRO_SEEDS = [
  "0e80c0a8ca9a3a0401f40204020c66697665210008026108000000000000f03f0001020304",
  "0e8001020164000202020001",
  "ffffffffffffffffff01ffffffffffffffffff01",
  "0e00000001ffffffff0f",
].map((payload) => Buffer.from(payload, "hex"))

const PROTOBUF_SEEDS = [
  "000a026f3110011a03010203220a0a016b12050a036b6579",
  "003a0808808082b906108001421a0a10747970652e782f676f6f676c652e4f12060a046f3131314a044a024a00",
  "0050ffffffffffffffffff0158b9608203",
  "020408014a0a4a084a064a044a024a00",
].map((payload) => Buffer.from(payload, "hex"))

const BINARY_SCHEMAS = [
  ["AVRO", JSON.stringify(AVRO_SCHEMA), AVRO_SEEDS],
  ["PROTOBUF", PROTOBUF_SCHEMA, PROTOBUF_SEEDS],
] as const

describe("100,000 mutated messages with a schema", { timeout: LONG }, () => {
  it.each([...BINARY_SCHEMAS, ["JSON", "{}", JSON_SEEDS] as const])("%s", (type, schemaText, seeds) => {
    const schema: RegisteredSchema = { id: "1", type, text: schemaText, references: [] }
    forEachMutation(type, { seeds: seeds.map(framed) }, (bytes) =>
      expectBounded(decode(bytes, "auto", foundIn(bytes, schema))),
    )
  })

  it.each(BINARY_SCHEMAS)("%s, with mutated schemas", (type, schemaText, seeds) => {
    const bytes = framed(seeds[0] ?? Buffer.alloc(0))
    forEachMutation(`${type} schema`, { seeds: [Buffer.from(schemaText)], count: 10_000 }, (text) => {
      const schema: RegisteredSchema = { id: "1", type, text: text.toString("latin1"), references: [] }
      expectBounded(decode(bytes, "auto", foundIn(bytes, schema)))
    })
  })
})

function framed(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from("0000000001", "hex"), payload])
}

function foundIn(bytes: Buffer, schema: RegisteredSchema): FoundSchema | null {
  const ref = schemaRefOf({ bytes, part: "value", headers: [] })
  return ref && { ref, schema, why: "", asked: true }
}
