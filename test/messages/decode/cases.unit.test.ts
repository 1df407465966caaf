import { describe, expect, it } from "vitest"
import { avroDecoder } from "#server/messages/decode/formats/avro.ts"
import { protobufDecoder } from "#server/messages/decode/formats/protobuf.ts"
import { schemaRefOf } from "#server/messages/decode/wire.ts"
import { printTree } from "#server/messages/json.ts"

/** A zigzag varint, as Avro writes integers. */
function long(value: bigint): Buffer {
  let raw = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  for (; raw > 127n; raw >>= 7n) bytes.push(Number(raw & 127n) | 128)
  return Buffer.from([...bytes, Number(raw)])
}
const string = (text: string) => Buffer.concat([long(BigInt(text.length)), Buffer.from(text)])

function avro(schema: unknown, ...payload: Buffer[]): unknown {
  const decode = avroDecoder({ id: "1", type: "AVRO", text: JSON.stringify(schema), references: [] })
  return JSON.parse(printTree(decode(Buffer.concat(payload)).tree ?? null, 0))
}
const record = (type: unknown, more: object = {}) => ({
  type: "record",
  name: "E",
  fields: [{ name: "a", type, ...more }],
})

describe("Avro as others write it", () => {
  it.each([
    ["timestamp-millis", "long", 1_700_000_000_006n, "2023-11-14T22:13:20.006Z"],
    ["timestamp-millis", "long", 1_700_000_000_017n, "2023-11-14T22:13:20.017Z"],
    ["timestamp-micros", "long", 1_700_000_000_123_456n, "2023-11-14T22:13:20.123456Z"],
    ["timestamp-nanos", "long", -1n, "1969-12-31T23:59:59.999999999Z"],
    ["local-timestamp-millis", "long", 0n, "1970-01-01T00:00:00.000"],
    ["timestamp-millis", "long", 253_402_300_800_000n, "+010000-01-01T00:00:00.000Z"],
    ["date", "int", -719_529n, "-000001-12-31"],
    ["time-micros", "long", 86_399_999_999n, "23:59:59.999999"],
  ])("%s (%s) %s", (logicalType, type, value, shown) => {
    expect(avro(record({ type, logicalType }), long(value))).toEqual({ a: shown })
  })

  it("unions of branches that look alike say which branch it is", () => {
    const A = { type: "record", name: "A", namespace: "t", fields: [{ name: "x", type: "int" }] }
    const B = { type: "record", name: "B", namespace: "t", fields: [{ name: "y", type: "string" }] }
    expect(avro(record([A, B]), long(1n), string("hi"))).toEqual({ a: { "t.B": { y: "hi" } } })
    const K = { type: "enum", name: "K", symbols: ["P", "Q"] }
    expect(avro(record(["null", "string", K]), long(2n), long(1n))).toEqual({ a: { K: "Q" } })
    expect(avro(record(["null", "string"]), long(1n), string("x"))).toEqual({ a: "x" })
  })

  it("schemas that Java takes: any default, any name", () => {
    expect(avro(record({ type: "int", logicalType: "date" }, { default: 0 }), long(19_000n))).toEqual({
      a: "2022-01-08",
    })
    expect(avro(record(["string", "null"], { default: null }), long(0n), string("x"))).toEqual({ a: "x" })
    expect(avro({ ...record("int"), namespace: "com.my-company.events" }, long(5n))).toEqual({ a: 5 })
    expect(avro("bytes", long(2n), Buffer.from("hi"))).toEqual({ base64: "aGk=" })
  })
})

const LETTERS = Buffer.from([0, 0x0a, 2, 0x6f, 0x31])
function protobuf(text: string, payload: Buffer, references: { name: string; text: string }[] = []): unknown {
  const decode = protobufDecoder({ id: "1", type: "PROTOBUF", text, references })
  return JSON.parse(printTree(decode(payload, null).tree ?? null, 0))
}

describe("Protobuf as others write it", () => {
  it("shows zeros, false and the first value of an enum", () => {
    const text =
      'syntax = "proto3"; enum S { NEW = 0; PAID = 1; } message Z { string id = 1; S status = 2; int32 n = 3; bool paid = 4; int64 big = 5; }'
    expect(protobuf(text, LETTERS)).toEqual({ id: "o1", status: "NEW", n: 0, paid: false, big: "0" })
  })

  it("knows common types, as a reference, through an import, and without either", () => {
    const W = "google/protobuf/timestamp.proto"
    const own = {
      name: W,
      text: 'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }',
    }
    const meta = {
      name: "meta.proto",
      text: `syntax = "proto3"; package b; import "${W}"; message Meta { google.protobuf.Timestamp at = 1; }`,
    }
    const at = Buffer.from([0x12, 2, 8, 1])
    const O = `syntax = "proto3"; import "${W}"; message O { string id = 1; google.protobuf.Timestamp at = 2; }`
    const shown = { id: "o1", at: "1970-01-01T00:00:01Z" }
    expect(protobuf(O, Buffer.concat([LETTERS, at]), [own])).toEqual(shown)
    expect(protobuf(O, Buffer.concat([LETTERS, at]))).toEqual(shown)
    const M =
      'syntax = "proto3"; package a; import "meta.proto"; message O { string id = 1; b.Meta meta = 2; }'
    const inside = Buffer.from([0x12, 4, 0x0a, 2, 8, 1])
    expect(protobuf(M, Buffer.concat([LETTERS, inside]), [meta])).toEqual({
      id: "o1",
      meta: { at: shown.at },
    })
    const D =
      'syntax = "proto3"; import "confluent/type/decimal.proto"; message O { string id = 1; confluent.type.Decimal d = 2; }'
    const decimal = Buffer.from([0x12, 6, 0x0a, 2, 0x0f, 0xda, 0x18, 2])
    expect(protobuf(D, Buffer.concat([LETTERS, decimal]))).toEqual({ id: "o1", d: "40.58" })
  })
})

describe("a schema that is named in a header", () => {
  const named = (value: Buffer) =>
    schemaRefOf({ bytes: Buffer.from("x"), part: "value", headers: [{ key: "__value_schema_id", value }] })
  it("by GUID or id", () => {
    const guid = "11223344-5566-7788-99aa-bbccddeeff00"
    const head = Buffer.from(`01${guid.replaceAll("-", "")}`, "hex")
    expect(named(head)).toMatchObject({ key: { kind: "guid", guid }, certain: true, payloadAt: 0 })
    expect(named(Buffer.from([0, 0, 0, 0, 7]))).toMatchObject({ key: { kind: "id", id: 7 } })
  })
})
