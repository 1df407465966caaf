import { encode as msgpack } from "@msgpack/msgpack"
import { encode as cbor } from "cbor2"
import { describe, expect, it } from "vitest"
import { FORMATS } from "#server/messages/decode/format.ts"
import { read } from "./read.ts"

const auto = (bytes: Buffer | string) => read(bytes)

describe("what bytes are taken for", () => {
  it.each([
    ["an object", '{"a":1}', "json", '{\n  "a": 1\n}'],
    ["a list", " [1, 2]", "json", "[\n  1,\n  2\n]"],
    ["numbers beyond 2^53", '{"id":12345678901234567890,"x":1.0000000000000000001}', "json", undefined],
    ["broken JSON", '{"a":', "text", '{"a":'],
    ["plain text", "grüße ✓", "text", "grüße ✓"],
    ["a number", "42", "text", "42"],
    ["XML", '<?xml version="1.0"?><a b="1">x</a>', "xml", undefined],
    ["no XML", "<a><b></a>", "text", undefined],
    ["a zero byte", "a\u0000b", "hex", undefined],
  ])("%s", async (_name, bytes, format, text) => {
    const decoded = await auto(bytes)
    expect(decoded.format).toBe(format)
    if (text !== undefined) expect(decoded.text).toBe(text)
  })

  it("keeps every digit of a number", async () => {
    const { text } = await auto('{"id":12345678901234567890,"x":1.0000000000000000001}')
    expect(text).toContain("12345678901234567890")
    expect(text).toContain("1.0000000000000000001")
  })

  it("MessagePack and CBOR, when they fit to the last byte", async () => {
    const value = { order: "881", amount: 12.5, big: 2n ** 60n, items: [1, 2] }
    const packed = Buffer.from(msgpack(value, { useBigInt64: true }))
    expect(await auto(packed)).toMatchObject({ format: "msgpack" })
    expect((await auto(packed)).text).toContain('"big": 1152921504606846976')
    expect(await auto(Buffer.from(cbor(value)))).toMatchObject({ format: "cbor" })
    expect((await auto(Buffer.concat([packed, Buffer.from([0xff])]))).format).toBe("hex")
  })

  it("text with a few bytes that are no UTF-8, each of them shown", async () => {
    const bytes = Buffer.from("caf\xe9 au lait, s'il vous plait", "latin1")
    expect(await auto(bytes)).toMatchObject({
      format: "text",
      text: "caf\\xe9 au lait, s'il vous plait",
      note: expect.stringContaining("1 byte is not UTF-8"),
    })
  })

  it("a number as Kafka's serialisers write it", async () => {
    expect((await auto(Buffer.from([0, 0, 1, 0]))).note).toContain("256")
    expect((await auto(Buffer.from([0, 0, 0, 0, 0, 0, 0, 7]))).note).toContain("7")
  })

  it("says why it cannot be read as what somebody asked for, and shows its bytes", async () => {
    const decoded = await read("hello", { format: "json" })
    expect(decoded).toMatchObject({ format: "hex", note: expect.stringContaining("Not valid JSON") })
    expect(decoded.text).toContain("68 65 6c 6c 6f")
    const registered = await read("hello", { format: "avro" })
    expect(registered.note).toContain("name a schema")
  })

  it("never fails, whatever the bytes", async () => {
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(Array.from({ length: i % 40 }, (_, at) => (i * 31 + at * 97 * (i % 7)) % 256))
      for (const format of FORMATS) expect(typeof (await read(bytes, { format })).text).toBe("string")
    }
  })

  it("resolves no entity of an XML document", async () => {
    const evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    const decoded = await read(evil, { format: "xml" })
    expect(JSON.stringify(decoded.tree ?? null)).not.toContain("root:")
  })
})
