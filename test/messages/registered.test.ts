import { describe, expect, it } from "vitest"
import { SchemaRegistry } from "#server/messages/decode/registry.ts"
import { toPlain } from "#server/messages/tree.ts"
import { read } from "./read.ts"
import { startRegistry, wire } from "./registry-server.ts"

const WORD = JSON.stringify({ type: "record", name: "shop.Word", fields: [{ name: "text", type: "string" }] })
const LINE = JSON.stringify({
  type: "record",
  name: "shop.Line",
  fields: [{ name: "word", type: "shop.Word" }],
})
/** A record whose one field is a record whose one field is the text "hi". */
const PAYLOAD = Buffer.from([4, 0x68, 0x69])

const refers = (subject: string) => [{ name: subject, subject, version: 1 }]

/** What no real registry can be made to do; what it can, see registry.test.ts. */
function server() {
  return startRegistry(
    {
      1: { schema: LINE, references: refers("shop.Word") },
      2: { schema: "{ no schema" },
      3: { schema: LINE, references: refers("shop.Round") },
    },
    { "shop.Word": { schema: WORD }, "shop.Round": { schema: WORD, references: refers("shop.Round") } },
  )
}

const noteOf = async (id: number, registry: SchemaRegistry) =>
  (await read(wire(id, Buffer.alloc(12, 0xee)), { registry })).note

describe("a schema registry", () => {
  it("is asked once for a schema, and with user name and password", async () => {
    await using running = await server()
    const registry = new SchemaRegistry(running.access)
    for (let i = 0; i < 2; i++) {
      const decoded = await read(wire(1, PAYLOAD), { registry })
      expect(decoded.format).toBe("avro")
      expect(toPlain(decoded.tree ?? null)).toEqual({ word: { text: "hi" } })
    }
    expect(running.asked).toEqual(["/schemas/ids/1", "/subjects/shop.Word/versions/1"])
    const stranger = new SchemaRegistry({ ...running.access, password: "wrong" })
    expect(await noteOf(1, stranger)).toContain("refuses Signalbox's user")
  })

  it("that knows no such schema, tells nonsense or refers in a circle: the message says so", async () => {
    await using running = await server()
    const registry = new SchemaRegistry(running.access)
    expect(await noteOf(7, registry)).toContain("The schema registry does not know schema 7.")
    expect(await noteOf(1, registry)).toContain("It does not fit schema 1 (AVRO)")
    expect(await noteOf(2, registry)).toContain("It does not fit schema 2 (AVRO)")
    expect(await noteOf(3, registry)).toContain("go in a circle")
    const nowhere = new SchemaRegistry({ ...running.access, url: "http://127.0.0.1:1" })
    expect(await noteOf(1, nowhere)).toContain("could not be asked")
    running.answerAll(200, "<html>a proxy's page</html>")
    expect(await noteOf(4, registry)).toContain("cannot be read")
    running.answerAll(500, "")
    expect(await noteOf(5, registry)).toContain("answered 500")
  })

  it("that does not answer is waited for, but not for ever, and not again for every message", async () => {
    await using running = await server()
    const registry = new SchemaRegistry(running.access, 300)
    running.answerAll("never")
    for (let i = 0; i < 5; i++) expect(await noteOf(1, registry)).toContain("could not be asked")
    expect(running.asked).toHaveLength(1)
  })
})
