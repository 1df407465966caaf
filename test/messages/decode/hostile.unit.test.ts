import { describe, expect, it } from "vitest"
import { avroDecoder } from "#server/messages/decode/formats/avro.ts"
import { headerValue } from "#server/messages/decode/header-value.ts"
import { read } from "../read.ts"

const repeated = (hex: string, times: number) => Buffer.from(hex.repeat(times), "hex")

describe("messages made to take a process down", () => {
  it.each([
    ["MessagePack, lists of a million in each other", repeated("dd000f4240", 4000)],
    ["MessagePack, a list of 4 billion", Buffer.from("ddffffffff", "hex")],
    ["CBOR, lists of 2^32 in each other", repeated("9affffffff", 4000)],
    ["CBOR, a map of 2^64", Buffer.from("bbffffffffffffffff", "hex")],
  ])("%s: shown as bytes", async (_name, bytes) => {
    expect((await read(bytes)).format).toBe("hex")
  })

  it.each([
    ["MessagePack", repeated("91", 5000)],
    ["CBOR", repeated("9f", 5000)],
  ])("%s, nested without end: the limit is named", async (_name, bytes) => {
    const shown = await read(bytes)
    expect(shown).toMatchObject({ format: "hex", limit: "depth" })
    expect(shown.note).toContain("more than 200 levels deep")
  })

  it("JSON of depth 3,000 is shown as it was written, and why", async () => {
    const deep = "[".repeat(3000) + "]".repeat(3000)
    expect(await read(deep)).toMatchObject({ format: "text", text: deep, limit: "depth" })
  })

  it("JSON that grows a thousandfold when it is indented is printed on one line", async () => {
    const wide = `${"[".repeat(190)}${Array(28_000).fill(0).join(",")}${"]".repeat(190)}`
    const { text, format } = await read(wide)
    expect(format).toBe("json")
    expect(text.length).toBeLessThan(2_000_001)
  })

  it("Avro with 10^8 items that have no bytes", () => {
    const text = JSON.stringify({ type: "array", items: "null" })
    const decode = avroDecoder({ id: "1", type: "AVRO", text, references: [] })
    expect(() => decode(Buffer.from("80c2d72f00", "hex"))).toThrow("more than 250,000 values")
  })
})

describe("JSON is shown as it was written", () => {
  it("with the digits, the order and the equal names that it has", async () => {
    const value =
      '{"price":12.50,"n":1.0,"x":1e400,"id":9223372036854775807,"b":1,"10":2,"2":0,"a":1,"a":2,"__proto__":3}'
    expect((await read(value)).text.replace(/\s/g, "")).toBe(value)
  })
})

describe("header values", () => {
  it.each([
    ["00000003", "integer", "3"],
    ["00000000000004d2", "integer", "1234"],
    ["6162", "text", "ab"],
    ["11223344556677880099aabbccddeeff", "uuid", "11223344-5566-7788-0099-aabbccddeeff"],
  ])("%s is %s", (hex, kind, text) => {
    expect(headerValue(Buffer.from(hex, "hex"), null)).toMatchObject({ kind, text })
  })
})
