import { describe, expect, it } from "vitest"
import { decode } from "#server/messages/decode/decode.ts"
import type { RegisteredSchema } from "#server/messages/decode/registry.ts"
import { type PartName, schemaRefOf } from "#server/messages/decode/wire.ts"
import { printTree } from "#server/messages/json.ts"

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex")

function refOf(bytes: Buffer, headers: Record<string, Buffer | string> = {}, part: PartName = "value") {
  const list = Object.entries(headers).map(([key, value]) => ({ key, value: Buffer.from(value) }))
  return schemaRefOf({ bytes, part, headers: list })
}

const GUID = "11223344-5566-4788-99aa-bbccddeeff00"
const GUID_HEX = GUID.replaceAll("-", "")

describe("a schema is named, byte by byte,", () => {
  it("in Confluent's first five bytes", () => {
    expect(refOf(hex("00 00 01 86 a1 04"))).toMatchObject({
      key: { kind: "id", id: 100_001 },
      payloadAt: 5,
      certain: false,
      message: { by: "confluent", indexes: null },
    })
  })

  it.each(["key", "value"] as const)(
    "in Confluent's header of the %s, by id or GUID, with Protobuf's path",
    (part) => {
      const name = `__${part}_schema_id`
      const by = (header: string) => refOf(hex("00 00 00 00 07 04"), { [name]: hex(header) }, part)
      expect(by("00 00 00 00 09")).toMatchObject({ key: { kind: "id", id: 9 }, payloadAt: 0, certain: true })
      expect(by(`01 ${GUID_HEX}`)).toMatchObject({ key: { kind: "guid", guid: GUID }, payloadAt: 0 })
      expect(by(`01 ${GUID_HEX} 04 02 00`)).toMatchObject({
        key: { kind: "guid", guid: GUID },
        message: { by: "confluent", indexes: hex("04 02 00") },
      })
      for (const broken of ["02 00 00 00 09", "01 11 22", "00"])
        expect(by(broken)).toMatchObject({
          key: null,
          words: expect.stringContaining("neither an id nor a GUID"),
        })
      const other = part === "key" ? "value" : "key"
      expect(refOf(hex("7b7d"), { [name]: hex("00 00 00 00 09") }, other)).toBeNull()
    },
  )

  it("in Apicurio's first nine bytes", () => {
    const ref = { key: { kind: "apicurio", of: "globalId", id: "9007199254740993" }, payloadAt: 9 }
    expect(refOf(hex("00 00 20 00 00 00 00 00 01 04 6f"))).toMatchObject({ key: { kind: "id" } })
    expect(refOf(hex("00 00 00 00 00 00 00 00 11 04 6f"))).toMatchObject({
      ...ref,
      key: { ...ref.key, id: "17" },
      message: { by: "apicurio", name: null },
    })
  })

  it.each(["globalId", "contentId"])("in Apicurio's header %s", (of) => {
    const id = hex("00 20 00 00 00 00 00 01")
    const value = refOf(hex("04 6f"), { [`apicurio.value.${of}`]: id, "apicurio.protobuf.type": "Order" })
    const key = { kind: "apicurio", of, id: "9007199254740993" }
    expect(value).toMatchObject({
      key,
      payloadAt: 0,
      json: false,
      message: { by: "apicurio", name: "Order" },
    })
    const json = {
      [`apicurio.key.${of}`]: id,
      "apicurio.key.encoding": "JSON",
      "apicurio.protobuf.type.key": "Id",
    }
    expect(refOf(hex("7b7d"), json, "key")).toMatchObject({ key, json: true, message: { name: "Id" } })
    expect(refOf(hex("7b7d"), { [`apicurio.value.${of}`]: hex("00 07") })).toBeNull()
    expect(refOf(hex("7b7d"), { "apicurio.value.artifactId": "orders" })).toMatchObject({ key: null })
  })

  it.each(["00", "05"])("in the head of AWS Glue, compression %s", (compression) => {
    const ref = refOf(hex(`03 ${compression} ${GUID_HEX} 04 6f`))
    expect(ref).toMatchObject({ key: null, payloadAt: 18, certain: false })
    expect(ref?.words).toBe(`version ${GUID} of a schema of AWS Glue, named in its first 18 bytes`)
    expect(refOf(hex(`03 01 ${GUID_HEX} 04`))).toBeNull()
    expect(refOf(hex(`03 ${compression} ${GUID_HEX.slice(0, 12)}ff${GUID_HEX.slice(14)} 04`))).toBeNull()
  })

  it("in the content type of Azure", () => {
    const id = "0123456789abcdef0123456789ABCDEF"
    for (const name of ["content-type", "contentType"])
      for (const value of [`avro/binary+${id}`, `"avro/binary+${id}"`])
        expect(refOf(hex("04 6f"), { [name]: value })).toMatchObject({
          key: null,
          payloadAt: 0,
          words: `schema ${id} of Azure Schema Registry, named in the header content-type`,
        })
    expect(refOf(hex("04 6f"), { "content-type": "avro/binary" })).toBeNull()
    expect(refOf(hex("04 6f"), { "content-type": `avro/binary+${id}` }, "key")).toBeNull()
  })
})

const TEXT = `syntax = "proto3"; package shop;
  message Other { int32 n = 1; } message Order { message Line { string sku = 1; } string id = 1; }`

describe("a Protobuf message of Apicurio is of the type", () => {
  const shown = (bytes: Buffer, headers: Record<string, Buffer | string> = {}) => {
    const ref = refOf(bytes, headers)
    const schema: RegisteredSchema = { id: "17", type: "PROTOBUF", text: TEXT, references: [] }
    const { format, tree } = decode(bytes, "auto", ref && { ref, schema, why: null, asked: true })
    expect(format).toBe("protobuf")
    return JSON.parse(printTree(tree ?? null, 0))
  }
  const head = "00 00 00 00 00 00 00 00 11"
  const ID = { "apicurio.value.globalId": hex("00 00 00 00 00 00 00 11") }

  it("that stands before it", () => {
    expect(shown(hex(`${head} 07 0a 05 4f72646572 0a 02 6f31`))).toEqual({ id: "o1" })
    expect(shown(hex(`${head} 06 0a 04 4c696e65 0a 02 6131`))).toEqual({ sku: "a1" })
  })

  it("that a header names", () => {
    expect(shown(hex("0a 02 6f31"), { ...ID, "apicurio.protobuf.type": "Order" })).toEqual({ id: "o1" })
    expect(shown(hex("0a 02 6f31"), { ...ID, "apicurio.protobuf.type": "shop.Order" })).toEqual({ id: "o1" })
  })

  it("that is the first, where nothing names one", () => {
    expect(shown(hex(`${head} 08 05`))).toEqual({ n: 5 })
    expect(shown(hex("08 05"), ID)).toEqual({ n: 5 })
  })
})
