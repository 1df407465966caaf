import avro from "avsc"
import protobuf from "protobufjs"
import { describe, expect, it } from "vitest"
import { decode } from "#server/messages/decode/decode.ts"
import { SchemaRegistry } from "#server/messages/decode/registry.ts"
import { startRegistry, wire } from "./registry-server.ts"

const ORDER = {
  type: "record",
  name: "shop.Order",
  fields: [
    { name: "id", type: "long" },
    { name: "note", type: ["null", "string"] },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "day", type: { type: "int", logicalType: "date" } },
    { name: "total", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
    { name: "to", type: "shop.Address" },
  ],
}
const ADDRESS = { type: "record", name: "shop.Address", fields: [{ name: "city", type: "string" }] }

const PROTO = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "address.proto";
message Unused { string x = 1; }
message Order {
  message Line { string sku = 1; int64 count = 2; }
  int64 id = 1;
  google.protobuf.Timestamp at = 2;
  Address to = 3;
  repeated Line lines = 4;
}`
const ADDRESS_PROTO = `syntax = "proto3"; package shop; message Address { string city = 1; }`

const refers = (subject: string) => [{ name: subject, subject, version: 1 }]

function server() {
  return startRegistry(
    {
      1: { schema: JSON.stringify(ORDER), references: refers("shop.Address") },
      2: { schema: PROTO, schemaType: "PROTOBUF", references: refers("address.proto") },
      3: { schema: '{"type":"object"}', schemaType: "JSON" },
    },
    {
      "shop.Address": { schema: JSON.stringify(ADDRESS) },
      "address.proto": { schema: ADDRESS_PROTO, schemaType: "PROTOBUF" },
    },
  )
}

describe("values whose schema is registered", () => {
  it("reads Avro with references, logical types and 64-bit integers", async () => {
    await using running = await server()
    const registry = new SchemaRegistry(running.access)
    const plain = structuredClone(ORDER) as unknown as { fields: { type: unknown }[] }
    plain.fields[5] = { ...plain.fields[5], type: ADDRESS }
    const type = avro.Type.forSchema(plain as unknown as avro.Schema, { wrapUnions: "never" })
    const payload = type.toBuffer({
      id: 881,
      note: "blue",
      at: 1_700_000_000_000,
      day: 19_676,
      total: Buffer.from([0xff, 0x85]),
      to: { city: "Ulm" },
    })
    const decoded = await decode(wire(1, payload), "auto", registry)
    expect(decoded).toMatchObject({ format: "avro", schema: { id: 1, type: "AVRO" }, note: null })
    expect(JSON.parse(decoded.text)).toEqual({
      id: 881,
      note: "blue",
      at: "2023-11-14T22:13:20.000Z",
      day: "2023-11-15",
      total: "-1.23",
      to: { city: "Ulm" },
    })
    await decode(wire(1, payload), "auto", registry)
    expect(running.asked).toEqual(["/schemas/ids/1", "/subjects/shop.Address/versions/1"])
  })

  it("reads Protobuf by the path to its message type, with imports", async () => {
    await using running = await server()
    const registry = new SchemaRegistry(running.access)
    const root = new protobuf.Root()
    root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {})
    protobuf.parse(ADDRESS_PROTO, root)
    protobuf.parse(PROTO, root)
    const type = root.lookupType("shop.Order")
    const lines = [{ sku: "a", count: 2 }]
    const message = { id: 881, at: { seconds: 1_700_000_000 }, to: { city: "Ulm" }, lines }
    const encoded = Buffer.from(type.encode(type.fromObject(message)).finish())
    const decoded = await decode(wire(2, Buffer.concat([Buffer.from([2, 2]), encoded])), "auto", registry)
    expect(decoded).toMatchObject({ format: "protobuf", schema: { id: 2, type: "PROTOBUF" } })
    expect(JSON.parse(decoded.text)).toMatchObject({ id: "881", to: { city: "Ulm" }, lines: [{ sku: "a" }] })
    const line = root.lookupType("shop.Order.Line")
    const inner = Buffer.from(line.encode({ sku: "b" }).finish())
    const nested = await decode(wire(2, Buffer.concat([Buffer.from([4, 2, 0]), inner])), "auto", registry)
    expect(JSON.parse(nested.text)).toEqual({ sku: "b" })
  })

  it("reads JSON with a schema", async () => {
    await using running = await server()
    const decoded = await decode(wire(3, Buffer.from('{"a":1}')), "auto", new SchemaRegistry(running.access))
    expect(decoded).toMatchObject({ format: "json-schema", tree: { a: 1 } })
  })

  it("says what is wrong: unknown schema, wrong password, nobody there, bytes that do not fit", async () => {
    await using running = await server()
    const registry = new SchemaRegistry(running.access)
    const payload = Buffer.alloc(12, 0xee)
    const note = async (id: number, asked = registry) => (await decode(wire(id, payload), "auto", asked)).note
    expect(await note(7)).toBe("The schema registry does not know schema 7.")
    expect(await note(1)).toContain("It does not fit schema 1 (AVRO)")
    const stranger = new SchemaRegistry({ ...running.access, password: "wrong" })
    expect(await note(1, stranger)).toContain("refuses Signalbox's user")
    const nowhere = new SchemaRegistry({ ...running.access, url: "http://127.0.0.1:1" })
    expect(await note(1, nowhere)).toContain("could not be asked")
  })
})
