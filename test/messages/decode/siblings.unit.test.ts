import { describe, expect, it } from "vitest"
import { decode } from "#server/messages/decode/decode.ts"
import { avroDecoder } from "#server/messages/decode/formats/avro.ts"
import { protobufDecoder } from "#server/messages/decode/formats/protobuf.ts"
import { headerValue } from "#server/messages/decode/header-value.ts"
import { printTree } from "#server/messages/json.ts"
import { setJson } from "#server/messages/json-edit.ts"

/* What comes near the cases of public bug reports, and is not one of them: see cases.unit.test.ts. */

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex")

function avro(type: unknown, payload: string): string {
  const text = JSON.stringify(type)
  const decoder = avroDecoder({ id: "1", type: "AVRO", text, references: [] })
  return printTree(decoder(hex(payload)).tree ?? null, 0)
}

const logical = (type: string, logicalType: string, more: object = {}) => ({ type, logicalType, ...more })
const LONGEST = "ffffffffffffffffff01"

describe("Avro", () => {
  it.each([
    ["a nullable time", ["null", logical("long", "timestamp-millis")], "02 00", '"1970-01-01T00:00:00.000Z"'],
    [
      "two times",
      [logical("int", "date"), logical("long", "timestamp-micros")],
      "02 01",
      '{"long":"1969-12-31T23:59:59.999999Z"}',
    ],
    [
      "the last millisecond",
      logical("long", "timestamp-millis"),
      "feffffffffffffffff01",
      '"+292278994-08-17T07:12:55.807Z"',
    ],
    [
      "the first microsecond",
      logical("long", "timestamp-micros"),
      LONGEST,
      '"-290308-12-21T19:59:05.224192Z"',
    ],
    ["a time of day that is none", logical("int", "time-millis"), "80aaea55", "90000000"],
    ["an unknown logical type", logical("string", "iso-date"), "02 78", '"x"'],
    [
      "a decimal with a negative scale",
      logical("bytes", "decimal", { precision: 5, scale: -2 }),
      "02 05",
      '"5E2"',
    ],
    [
      "a negative fixed decimal",
      { ...logical("fixed", "decimal", { precision: 5, scale: 2 }), name: "F", size: 3 },
      "fffffe",
      '"-0.02"',
    ],
    ["an array in blocks that say their size", { type: "array", items: "int" }, "03 04 02 04 00", "[1,2]"],
    [
      "a map with an odd key",
      { type: "map", values: "int" },
      "02 12 5f5f70726f746f5f5f 02 00",
      '{"__proto__":1}',
    ],
    ["a map with a key twice", { type: "map", values: "int" }, "04 026b 02 026b 04 00", '{"k":1,"k":2}'],
    [
      "a list or a map",
      [
        { type: "array", items: "int" },
        { type: "map", values: "int" },
      ],
      "02 00",
      "{}",
    ],
    [
      "unions within a list",
      { type: "array", items: ["null", "string", "int"] },
      "06 00 02 0278 04 12 00",
      '[null,"x",9]',
    ],
    ["not a number", "double", "000000000000f8ff", '"NaN"'],
    ["minus infinity", "double", "000000000000f0ff", '"-Infinity"'],
    ["minus zero", "double", "0000000000000080", "-0"],
    ["the largest long", "long", "feffffffffffffffff01", "9223372036854775807"],
    ["a string that is not UTF-8", "string", "06 61fffe", '"a\\\\xff\\\\xfe"'],
    [
      "the longest duration",
      { ...logical("fixed", "duration"), name: "F", size: 12 },
      "ff".repeat(12),
      '"P4294967295M4294967295DT4294967.295S"',
    ],
    ["a record without fields", { type: "record", name: "Z", fields: [] }, "", "{}"],
    ["an error", { type: "error", name: "E", fields: [{ name: "m", type: "string" }] }, "0278", '{"m":"x"}'],
  ])("%s", (_, type, payload, shown) => {
    expect(avro(type, payload)).toBe(shown)
  })

  it.each([
    ["an int of 33 bits", "int", "feffffff1f"],
    ["an int of 64 bits", "int", LONGEST],
    ["a date of 33 bits", logical("int", "date"), "ffffffff1f"],
    ["an int that ends too early", "int", "ff"],
  ])("does not read %s as a number", (_, type, payload) => {
    expect(() => avro(type, payload)).toThrow(RangeError)
  })

  it("reads the smallest and the largest int", () => {
    expect(avro({ type: "array", items: "int" }, "04 ffffffff0f feffffff0f 00")).toBe(
      "[-2147483648,2147483647]",
    )
  })

  it("names of types within a namespace, in each way to write them, and types within themselves", () => {
    const K = { type: "enum", name: "K", symbols: ["A"] }
    const fields = [
      { name: "k", type: K },
      { name: "10", type: "K" },
      { name: "l", type: ["null", "x.y.K"] },
      { name: "next", type: ["null", "O"] },
    ]
    expect(avro({ type: "record", name: "O", namespace: "x.y", fields }, "00 00 02 00 02 00 00 00 00")).toBe(
      '{"k":"A","10":"A","l":"A","next":{"k":"A","10":"A","l":null,"next":null}}',
    )
  })
})

function protobuf(text: string, payload: string): string {
  const decoder = protobufDecoder({ id: "1", type: "PROTOBUF", text, references: [] })
  return printTree(decoder(hex(`00${payload}`), { by: "confluent", indexes: null }).tree ?? null, 0)
}

const P3 = 'syntax = "proto3";'
const P2 = 'syntax = "proto2";'
const ANY = `${P3} import "google/protobuf/any.proto"; message O { google.protobuf.Any any = 1; }`

/** An Any within a field 1. */
function any(name: string, value: string): string {
  const url = Buffer.from(`t/${name}`).toString("hex")
  const sized = (digits: string) => (digits.length / 2).toString(16).padStart(2, "0") + digits
  return `0a${sized(`0a${sized(url)}12${sized(value)}`)}`
}

describe("Protobuf", () => {
  it.each([
    [
      "a oneof that is not set",
      `${P3} message O { oneof x { int32 a = 1; string b = 2; } int32 c = 3; }`,
      "",
      '{"c":0}',
    ],
    ["a oneof that is zero", `${P3} message O { oneof x { int32 a = 1; string b = 2; } }`, "0800", '{"a":0}'],
    [
      "a oneof that is set twice",
      `${P3} message O { oneof x { int32 a = 1; string b = 2; } }`,
      "0801 120178",
      '{"b":"x"}',
    ],
    [
      "what is optional, unset and zero",
      `${P3} message O { optional int32 a = 1; optional string b = 2; }`,
      "0800",
      '{"a":0}',
    ],
    [
      "defaults of proto2",
      `${P2} message O { optional int32 a = 1 [default = 5]; required int32 r = 2; }`,
      "1001",
      '{"r":1}',
    ],
    [
      "groups",
      `${P2} message O { repeated group Item = 1 { optional int32 n = 2; } }`,
      "0b10050c 0b10060c",
      '{"item":[{"n":5},{"n":6}]}',
    ],
    [
      "extensions",
      `${P2} package p; message O { optional int32 a = 1; extensions 100 to 199; } extend O { optional string nick = 100; }`,
      "0801 a206026869",
      '{"a":1,"[p.nick]":"hi"}',
    ],
    [
      "packed and unpacked numbers",
      `${P3} message O { repeated int32 a = 1; }`,
      "0801 0802 0a020304",
      '{"a":[1,2,3,4]}',
    ],
    [
      "maps of enums and bytes",
      `${P3} enum E { Z = 0; P = 1; } message O { map<int64, E> m = 1; map<string, bytes> d = 2; }`,
      "0a0408011001 0a020802 12060a016b1201ff",
      '{"m":{"1":"P","2":"Z"},"d":{"k":"/w=="}}',
    ],
    [
      "a map with a key twice",
      `${P3} message O { map<string, int32> m = 1; }`,
      "0a050a016b1001 0a050a016b1002",
      '{"m":{"k":2}}',
    ],
    [
      "the ends of integers",
      `${P3} message O { int32 a = 1; sint64 b = 2; fixed64 c = 3; uint64 d = 4; }`,
      `08${LONGEST} 10${LONGEST} 19ffffffffffffffff 20${LONGEST}`,
      '{"a":-1,"b":"-9223372036854775808","c":"18446744073709551615","d":"18446744073709551615"}',
    ],
    [
      "enums with two names, and below zero",
      `${P3} enum E { option allow_alias = true; A = 0; B = 0; N = -1; } message O { E e = 1; E f = 2; }`,
      `08${LONGEST}`,
      '{"e":"N","f":"A"}',
    ],
    [
      "strings that are not UTF-8",
      `${P3} message O { string s = 1; int32 n = 2; }`,
      "0a03 61fffe 1005",
      '{"s":"a\\\\xff\\\\xfe","n":5}',
    ],
    ["editions", 'edition = "2023"; message O { int32 a = 1; string b = 2; }', "0801", '{"a":1}'],
    [
      "services and options",
      `${P3} message O { int32 a = 1 [deprecated = true]; reserved 9 to 11; } service S { rpc X(O) returns (stream O) { option (google.api.http) = { get: "/v1" }; } }`,
      "0801",
      '{"a":1}',
    ],
    [
      "a time in an Any",
      ANY,
      any("google.protobuf.Timestamp", "0801"),
      '{"any":{"@type":"t/google.protobuf.Timestamp","value":"1970-01-01T00:00:01Z"}}',
    ],
    [
      "an Any in an Any",
      ANY,
      any("google.protobuf.Any", any("google.protobuf.Duration", "0803").slice(4)),
      '{"any":{"@type":"t/google.protobuf.Any","value":{"@type":"t/google.protobuf.Duration","value":"3s"}}}',
    ],
    [
      "a message of its own in an Any",
      `${P3} import "google/protobuf/any.proto"; package x; message O { google.protobuf.Any any = 1; } message P { int32 n = 1; }`,
      any("x.P", "0805"),
      '{"any":{"@type":"t/x.P","n":5}}',
    ],
  ])("%s", (_, text, payload, shown) => {
    expect(protobuf(text, payload)).toBe(shown)
  })
})

describe("JSON", () => {
  const shown = (bytes: Buffer | string) => {
    const { format, tree } = decode(Buffer.from(bytes), "auto", null)
    return [format, tree === undefined ? null : printTree(tree, 0)]
  }

  it.each([
    ["with a byte order mark", '\ufeff{"a":1}', '{"a":1}'],
    ["numbers of any size", '{"a":123456789012345678901234567890.0e-10,"b":-0,"c":1E400}', null],
    ["equal and empty names", '{"a":1,"a":2,"":3,"":4}', null],
    ["half characters", '{"b":"\\ud83d","c":"\\udead"}', null],
    ["names that JavaScript knows", '{"__proto__":{"x":1},"constructor":2,"10":3,"2":4}', null],
    ["space around it", ' \r\n\t{ "a" : 1 } \n\n', '{"a":1}'],
  ])("%s", (_, text, printed) => {
    expect(shown(text)).toEqual(["json", printed ?? text])
  })

  it.each([
    ["lines of it", '{"a":1}\n{"a":2}\n', "text"],
    ["a comma too many", '{"a":1,}', "text"],
    ["NaN", '{"a":NaN}', "text"],
    [
      "a half character in bytes",
      Buffer.concat([Buffer.from('{"a":"'), hex("eda0bd"), Buffer.from('"}')]),
      "hex",
    ],
  ])("%s is shown as it is", (_, bytes, format) => {
    expect(shown(bytes)[0]).toBe(format)
  })

  it("keeps its byte order mark where a value is changed", () => {
    expect(setJson('\ufeff{ "a": 1, "a": 2 }', ["a"], "3")).toBe('\ufeff{ "a": 1, "a": 3 }')
  })
})

it.each([
  ["03", "integer", "3"],
  ["ff", "integer", "-1"],
  ["0102", "integer", "258"],
  ["6162", "text", "ab"],
  ["010203", "hex", null],
  ["ffffffff", "integer", "-1"],
  ["0102030405", "hex", null],
  ["7fffffffffffffff", "integer", "9223372036854775807"],
  ["8000000000000000", "integer", "-9223372036854775808"],
  ["11223344556677889 9aabbccddeeff00", "uuid", "11223344-5566-7788-99aa-bbccddeeff00"],
  ["", "text", ""],
  ["1b5b33316d", "hex", null],
])("a header of %s is %s", (digits, kind, text) => {
  const value = headerValue(hex(digits), null)
  expect(value.kind).toBe(kind)
  if (text !== null) expect(value.text).toBe(text)
})
