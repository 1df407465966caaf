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
    ["local-timestamp-micros", "long", -1n, "1969-12-31T23:59:59.999999"],
    ["local-timestamp-nanos", "long", 1_700_000_000_000_000_001n, "2023-11-14T22:13:20.000000001"],
    ["timestamp-nanos", "long", -(2n ** 63n), "1677-09-21T00:12:43.145224192Z"],
  ])("%s (%s) %s", (logicalType, type, value, shown) => {
    expect(avro(record({ type, logicalType }), long(value))).toEqual({ a: shown })
  })

  it("what has a logical type on bytes: uuid, duration, decimals of any scale", () => {
    const bytes = (hex: string) => Buffer.from(hex, "hex")
    const fixed = (size: number, logicalType: string) => ({ type: "fixed", name: "F", size, logicalType })
    const guid = "11223344-5566-7788-99aa-bbccddeeff00"
    expect(avro(fixed(16, "uuid"), bytes(guid.replaceAll("-", "")))).toBe(guid)
    expect(avro({ type: "string", logicalType: "uuid" }, string(guid))).toBe(guid)
    expect(avro(fixed(12, "duration"), bytes("010000001f000000e8030000"))).toBe("P1M31DT1.000S")
    const big = { type: "bytes", logicalType: "big-decimal" }
    // Unscaled 1234 in two bytes, and a scale of 3; then one of -2.
    expect(avro(big, bytes("080404d206"))).toBe("1.234")
    expect(avro(big, bytes("080404d203"))).toBe("1234E2")
    // What is not one is shown as its bytes.
    expect(avro(big, bytes("04ffff"))).toEqual({ base64: "//8=" })
    const decimal = { type: "bytes", logicalType: "decimal", precision: 4, scale: 2 }
    expect(avro(decimal, bytes("00"))).toBe("0.00")
    expect(avro(decimal, bytes("02ff"))).toBe("-0.01")
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
  return JSON.parse(printTree(decode(payload, { by: "confluent", indexes: null }).tree ?? null, 0))
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

describe("Protobuf as others write it, and Signalbox does not know it", () => {
  const text = `syntax = "proto3"; import "google/protobuf/any.proto";
    enum S { NEW = 0; PAID = 1; } message L { int32 n = 1; }
    message O { S status = 1; map<string, L> lines = 2; google.protobuf.Any any = 3; repeated S all = 4; }`

  it("keeps a number that an enum has no name for", () => {
    const payload = Buffer.from([2, 2, 8, 7, 0x22, 2, 1, 9])
    expect(protobuf(text, payload)).toMatchObject({ status: 7, all: ["PAID", 9] })
  })

  it("shows messages in maps, the empty ones too", () => {
    const payload = Buffer.from([2, 2, 0x12, 7, 0x0a, 1, 0x61, 0x12, 2, 8, 5, 0x12, 3, 0x0a, 1, 0x62])
    expect(protobuf(text, payload)).toMatchObject({ lines: { a: { n: 5 }, b: { n: 0 } } })
  })

  it("shows the bytes of an Any whose type nobody has", () => {
    const url = Buffer.from("type.example/x.Y")
    const any = Buffer.concat([Buffer.from([0x0a, url.length]), url, Buffer.from([0x12, 2, 8, 1])])
    const payload = Buffer.concat([Buffer.from([2, 2, 0x1a, any.length]), any])
    expect(protobuf(text, payload)).toMatchObject({ any: { type_url: "type.example/x.Y", value: "CAE=" } })
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
