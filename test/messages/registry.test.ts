import avro from "avsc"
import protobuf from "protobufjs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Registry, startRegistry } from "#scripts/stack/registry.ts"
import {
  addMaskingRule,
  browse,
  browseInput,
  followSearch,
  getMessage,
  getMessageInput,
  searchInput,
  startSearch,
} from "#server/messages/index.ts"
import { wire } from "./registry-server.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

const stack = new AsyncDisposableStack()
let registry: Registry
let world: MessagesWorld
beforeAll(async () => {
  registry = stack.use(await startRegistry())
  world = stack.use(await messagesWorld({ registryUrl: registry.url }))
}, 900_000)
afterAll(() => stack.disposeAsync())

const soon = () => AbortSignal.timeout(60_000)

function open(destination: string, offset = 0) {
  const input = getMessageInput.parse({
    cluster: CLUSTER,
    destination,
    partition: 0,
    offset: String(offset),
  })
  return getMessage(world.as("viewer"), input, soon())
}

async function found(destination: string, match: object) {
  const input = searchInput.parse({ cluster: CLUSTER, destination, question: { match } })
  const { id } = await startSearch(world.as("operator"), input)
  for await (const view of followSearch(world.as("operator"), { cluster: CLUSTER, id }, soon()))
    if (view.state === "done") return view.matched
  throw new Error("the search did not come to its end")
}

/** A subject as a schema names it. */
const refers = (subject: string) => [{ name: subject, subject, version: 1 }]

const ADDRESS = { type: "record", name: "shop.Address", fields: [{ name: "city", type: "string" }] }
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

const ADDRESS_PROTO = `syntax = "proto3"; package shop; message Address { string city = 1; }`
const ORDER_PROTO = `syntax = "proto3";
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

const ADDRESS_JSON = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
const ORDER_JSON = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    id: { type: "integer" },
    card: { type: "string", pattern: "^[0-9-]+$" },
    to: { $ref: "address.json" },
  },
}

describe("messages whose schemas are in a real registry", () => {
  it("are shown from Avro, with what a schema refers to, and found by what is shown", async () => {
    await registry.register("shop.Address", { schema: JSON.stringify(ADDRESS) })
    const schema = { schema: JSON.stringify(ORDER), references: refers("shop.Address") }
    const id = await registry.register("orders-avro", schema)
    const fields = ORDER.fields.map((field) => (field.name === "to" ? { ...field, type: ADDRESS } : field))
    const type = avro.Type.forSchema({ ...ORDER, fields } as avro.Schema, { wrapUnions: "never" })
    const order = { id: 881, note: "blue", at: 1_700_000_000_000, day: 19_676, to: { city: "Ulm" } }
    const payload = type.toBuffer({ ...order, total: Buffer.from([0xff, 0x85]) })
    const topic = await world.topic([{ value: wire(id, payload) }, { value: "no order" }])
    const { value } = await open(topic)
    expect(value).toMatchObject({ format: "avro", schema: { id: String(id), type: "AVRO" }, note: null })
    expect(JSON.parse(value.text)).toEqual({
      id: 881,
      note: "blue",
      at: "2023-11-14T22:13:20.000Z",
      day: "2023-11-15",
      total: "-1.23",
      to: { city: "Ulm" },
    })
    // Neither stands in the bytes.
    expect(await found(topic, { kind: "contains", text: "2023-11-15" })).toBe(1)
    expect(await found(topic, { kind: "expression", text: "@.value.id == 881" })).toBe(1)
  })

  it("are shown from Protobuf, by the message type that they name, with what a file imports", async () => {
    await registry.register("address.proto", { schema: ADDRESS_PROTO, schemaType: "PROTOBUF" })
    const schema = {
      schema: ORDER_PROTO,
      schemaType: "PROTOBUF",
      references: refers("address.proto"),
    } as const
    const id = await registry.register("orders-protobuf", schema)
    const root = new protobuf.Root()
    root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {})
    for (const file of [ADDRESS_PROTO, ORDER_PROTO]) protobuf.parse(file, root)
    const pack = (name: string, path: number[], of: object) => {
      const type = root.lookupType(name)
      return wire(id, Buffer.concat([Buffer.from(path), type.encode(type.fromObject(of)).finish()]))
    }
    const order = { id: 881, at: { seconds: 1_700_000_000 }, to: { city: "Ulm" }, lines: [{ sku: "a" }] }
    // Zigzag: [1] is the second message of the file, [1, 0] the first inside it.
    const topic = await world.topic([
      { value: pack("shop.Order", [2, 2], order) },
      { value: pack("shop.Order.Line", [4, 2, 0], { sku: "b", count: 4_000_000 }) },
    ])
    const { value } = await open(topic)
    expect(value).toMatchObject({
      format: "protobuf",
      schema: { id: String(id), type: "PROTOBUF" },
      note: null,
    })
    expect(JSON.parse(value.text)).toMatchObject({ id: "881", to: { city: "Ulm" }, lines: [{ sku: "a" }] })
    expect(JSON.parse((await open(topic, 1)).value.text)).toEqual({ sku: "b", count: "4000000" })
    expect(await found(topic, { kind: "contains", text: "4000000" })).toBe(1)
  })

  it("say whether they fit their JSON Schema, and where not", async () => {
    await registry.register("address.json", { schema: JSON.stringify(ADDRESS_JSON), schemaType: "JSON" })
    const schema = {
      schema: JSON.stringify(ORDER_JSON),
      schemaType: "JSON",
      references: refers("address.json"),
    }
    const id = await registry.register("orders-json", { ...schema, schemaType: "JSON" })
    const values = [
      { id: 881, card: "4111-2222", to: { city: "Ulm" } },
      { id: 881, card: "4111-2222", to: { city: 7 } },
      { id: 881, card: "none" },
    ]
    const topic = await world.topic(
      values.map((value) => ({ value: wire(id, Buffer.from(JSON.stringify(value))) })),
    )
    const opened = await Promise.all(values.map((_, offset) => open(topic, offset)))
    expect(opened.map(({ value }) => value.format)).toEqual(["json-schema", "json-schema", "json-schema"])
    expect(opened.map(({ fit }) => fit.value?.fits)).toEqual([true, false, false])
    expect(opened[1]?.fit.value?.why).toContain("to.city")
    expect(opened[2]?.fit.value?.why).toContain("card")
    expect(await found(topic, { kind: "expression", text: "@.value.to.city == 7" })).toBe(1)
    const input = browseInput.parse({ cluster: CLUSTER, destination: topic, start: { at: "oldest" } })
    const { rows } = await browse(world.as("viewer"), input, soon())
    expect(rows[1]?.value.text).toBe(JSON.stringify(values[1]))
    const rule = {
      destination: topic,
      part: "value",
      kind: "path",
      expression: "$.card",
      how: "hide",
    } as const
    await addMaskingRule(world.as("admin"), { ...rule, on: CLUSTER })
    expect((await open(topic, 2)).fit.value).toMatchObject({ fits: null })
  })

  it("are shown though their JSON Schema was made to hang whoever checks it", async () => {
    const hangs = { properties: { name: { type: "string", pattern: "^(a+)+$" } } }
    const id = await registry.register("hangs", { schema: JSON.stringify(hangs), schemaType: "JSON" })
    const value = { name: `${"a".repeat(60)}!` }
    const topic = await world.topic([{ value: wire(id, Buffer.from(JSON.stringify(value))) }])
    const shown = await open(topic)
    expect(JSON.parse(shown.value.text)).toEqual(value)
    expect(shown.fit.value).toMatchObject({ fits: null })
    expect(shown.fit.value?.why).toContain("too long")
  })
})
