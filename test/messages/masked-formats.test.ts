import { buffer } from "node:stream/consumers"
import { encode } from "@msgpack/msgpack"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { browse, browseInput } from "#server/messages/browse.ts"
import { FORMATS } from "#server/messages/decode/format.ts"
import { exportInput, exportMessages, exportValue } from "#server/messages/export.ts"
import { getMessage, getMessageInput } from "#server/messages/get-message.ts"
import { addMaskingRule } from "#server/messages/index.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

const CARD = "4111111111111111"
const soon = () => AbortSignal.timeout(60_000)

/** The same card, in every way that a reader might see through. */
const VALUES: Record<string, string | Buffer> = {
  json: `{"card":"${CARD}","order":1}`,
  number: `{"card":${CARD}}`,
  exponent: '{"card":4.111111111111111e15}',
  escaped: '{"card":"\\u0034111\\u0031111111\\u003111111","order":1}'.replace("\\u003111111", "\\u00311111"),
  "cut off": `{"card":"${CARD}"`,
  "not JSON": `{"card":"\\u0034111111111111111"} trailing`,
  xml: "<o><card>&#52;111111111111111</card></o>",
  "broken xml": "<o><card>&#52;111111111111111</card>",
  utf16: Buffer.from(`{"card":"${CARD}"}`, "utf16le"),
  loose: Buffer.concat([Buffer.from(`card ${CARD} is long enough to look like text `), Buffer.from([0xff])]),
  control: Buffer.from(`\u0000\u0001${CARD}`),
}

/** All that gives the card away, in whole or in part: digits, their hex, their base64. */
function expectHidden(shown: string, of: string): void {
  const piece = CARD.slice(0, 6)
  const dump = Buffer.from(piece).toString("hex")
  expect(shown, of).not.toContain(piece)
  expect(shown.replace(/ /g, ""), of).not.toContain(dump)
  expect(shown, of).not.toMatch(/4\.1111111/)
  expect(shown, of).not.toMatch(/u0034111|#52;111/)
  for (const [encoded] of shown.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g))
    expect(Buffer.from(encoded, "base64").toString("latin1").replace(/\0/g, ""), of).not.toContain(piece)
}

describe.each(["^\\d{16}$", "\\d{16}"])("a rule for %s holds whatever is asked for", (expression) => {
  let world: MessagesWorld
  let topic: string
  const all = Object.values(VALUES)

  beforeAll(async () => {
    world = await messagesWorld()
    const packed = Buffer.from(encode({ card: Number(CARD), also: CARD }))
    topic = await world.topic([...all, packed].map((value) => ({ value })))
    const rule = { destination: topic, kind: "pattern", how: "hide", on: CLUSTER, part: "value" } as const
    await addMaskingRule(world.as("admin"), { ...rule, expression })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  it.each(FORMATS)("in the list and one by one, as %s", async (value) => {
    for (const role of ["viewer", "operator", "admin"] as const) {
      const place = { cluster: CLUSTER, destination: topic, formats: { value } }
      const page = await browse(
        world.as(role),
        browseInput.parse({ ...place, start: { at: "oldest" } }),
        soon(),
      )
      expect(page.rows).toHaveLength(all.length + 1)
      for (const row of page.rows) expectHidden(JSON.stringify(row), `${row.offset} as ${value}`)
      for (const offset of all.keys()) {
        const at = getMessageInput.parse({ ...place, partition: 0, offset: String(offset) })
        const { masking: _, ...shown } = await getMessage(world.as(role), at, soon())
        expectHidden(JSON.stringify(shown), `${offset} as ${value}`)
      }
    }
  })

  it.each(["jsonl", "csv"] as const)("in a file, as %s", async (format) => {
    const of = { kind: "range", start: { at: "oldest" } }
    const input = exportInput.parse({ cluster: CLUSTER, destination: topic, format, of })
    for await (const line of exportMessages(world.as("operator"), input, soon())) expectHidden(line, line)
  })

  it("in the bytes of one value", async () => {
    for (const offset of [...all.keys(), all.length]) {
      const at = { cluster: CLUSTER, destination: topic, partition: 0, offset: String(offset) }
      const bytes = await buffer(exportValue(world.as("viewer"), at, soon()))
      expectHidden(bytes.toString("latin1"), String(offset))
    }
  })
})
