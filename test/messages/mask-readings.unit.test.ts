import { encode } from "@msgpack/msgpack"
import { describe, expect, it } from "vitest"
import type { Message } from "#server/brokers/broker.ts"
import { kafkaDeadLetters } from "#server/brokers/kafka/dead-letters.ts"
import { findSchema } from "#server/messages/decode/find-schema.ts"
import { show } from "#server/messages/decode/job.ts"
import { HIDDEN, makeMask } from "#server/messages/masking/mask.ts"
import { maskBy } from "#server/messages/masking/mask-for.ts"
import type { MaskingRule } from "#server/messages/masking/rule.ts"
import { IN_DETAIL, IN_LIST, showMessages } from "#server/messages/shown.ts"

const CARD = "4929123456789012"
const rule = { destination: "orders", part: "value", kind: "pattern", how: "hide" } as const
const patterns: MaskingRule[] = [
  { ...rule, expression: "^\\d{16}$" },
  { ...rule, expression: "Wintermantel" },
]
const mask = makeMask(patterns, "secret")

function message(given: Partial<Message> & { value: Buffer | null }): Message {
  const nothing = { key: null, headers: [], control: null, withheld: null }
  return { offset: 0n, timestamp: null, timestampType: null, ...nothing, ...given }
}

const shownOf = (value: Buffer) =>
  show({
    ...{ kind: "show", bytes: value, format: "auto", found: null, part: "value" },
    ...{ mask: mask.order, line: null, withheld: 0 },
  }).text

describe("a pattern finds what a producer wrote in another encoding", () => {
  const inside: Record<string, string> = {
    base64: Buffer.from(CARD).toString("base64"),
    "base64 without padding": Buffer.from(CARD).toString("base64").replaceAll("=", ""),
    base64url: Buffer.from(`${CARD}`).toString("base64url"),
    "base64 of UTF-16": Buffer.from(CARD, "utf16le").toString("base64"),
    hex: Buffer.from(CARD).toString("hex"),
    percent: [...Buffer.from(CARD)].map((byte) => `%${byte.toString(16)}`).join(""),
    "percent of some": CARD.replace("9", "%39"),
    escapes: CARD.replace("9", "\\u0039"),
    references: CARD.replace("9", "&#57;"),
    "JSON in a string": JSON.stringify({ card: CARD }),
    "JSON with escapes in a string": `{"card":"${CARD.replace("9", "\\u0039")}"}`,
  }

  it.each(Object.entries(inside))("%s", (_name, text) => {
    const shown = shownOf(Buffer.from(JSON.stringify({ note: text, order: 1 })))
    expect(shown).toContain(HIDDEN)
    expect(shown).not.toContain(text)
    expect(shown).toMatch(/"order": ?1/)
    expect(shownOf(Buffer.from(text))).not.toContain(text)
    expect(mask.message(message({ value: Buffer.from(JSON.stringify([text])) })).value?.toString()).toBe(
      `["${HIDDEN}"]`,
    )
  })

  it.each(["utf8", "utf16le", "latin1"] as const)("bytes that are %s", (encoding) => {
    const packed = Buffer.from(
      encode({ data: Buffer.from("Wintermantel", encoding), more: Buffer.from("über", encoding) }),
    )
    const shown = shownOf(packed)
    expect(shown).toContain(HIDDEN)
    // What hides nothing stays as it is.
    expect(shown).toContain(Buffer.from("über", encoding).toString("base64"))
  })
})

it.each([
  "a long sentence of quite ordinary words",
  "C:\\temp\\new",
  "100%",
  "deadbeef01",
  "order-2026-11-26",
  "{not json",
])("leaves alone what says nothing else: %s", (text) => {
  expect(shownOf(Buffer.from(JSON.stringify([text])))).not.toContain(HIDDEN)
})

describe("a part whose schema is named elsewhere", () => {
  // Avro: two texts of 16 and 13 bytes, and their lengths.
  const value = Buffer.from(` ${CARD}\u001aOtto Neumann`.replace("\u001a", "&"))
  const headers = [{ key: "__value_schema_id", value: Buffer.from([0, 0, 0, 0, 7]) }]

  it("is hidden where the schema cannot be had: it only looks like text", async () => {
    expect(shownOf(value)).toContain(CARD)
    const found = await findSchema({ bytes: value, part: "value", headers }, "auto", null)
    const job = { kind: "show", bytes: value, format: "auto", part: "value", mask: mask.order } as const
    expect(show({ ...job, found, line: null, withheld: 0 }).text).toBe(HIDDEN)
  })

  it("is hidden in files, which are not decoded, unless it is JSON", () => {
    expect(mask.message(message({ value, headers })).value?.toString()).toBe(HIDDEN)
    const json = Buffer.from(`{"card":"${CARD}","a":1}`)
    expect(mask.message(message({ value: json, headers })).value?.toString()).toBe(
      `{"card":"${HIDDEN}","a":1}`,
    )
  })
})

describe("the end of what is shown of a long text", () => {
  const lens = {
    key: "auto",
    value: "auto",
    mask: makeMask([{ ...rule, expression: "\\d{16}" }], "s"),
    registry: null,
  } as const
  const shownAt = async (at: number, room: { bytes: number; line: number | null }) => {
    const text = `${" x".repeat(1 << 19).slice(0, at)} ${CARD} ${"y ".repeat(1 << 17)}`
    const [shown] = await showMessages(
      [{ partition: 0, message: message({ value: Buffer.from(text) }) }],
      lens,
      room,
    )
    return shown?.value.text ?? ""
  }

  it.each([4, 8, 12, 16, 20])("shows no beginning of a value that is cut %i bytes in", async (into) => {
    for (const room of [IN_DETAIL, IN_LIST]) {
      const shown = await shownAt(room.bytes - into, room)
      expect(shown.length).toBeGreaterThan(100)
      expect(shown).not.toContain(CARD.slice(0, 3))
    }
  })
})

describe("a dead letter that is not indexed", () => {
  const all: MaskingRule[] = [{ ...rule, kind: "path", expression: "$.card" }]
  const letter = (headers: Record<string, string>) =>
    message({
      value: Buffer.from(JSON.stringify({ card: CARD, a: 1 })),
      headers: Object.entries(headers).map(([key, value]) => ({ key, value: Buffer.from(value) })),
    })
  const masked = (destination: string, headers: Record<string, string>) => {
    const plan = { destination, rules: [], all, originHeaders: ["x-from"] }
    return maskBy(plan, kafkaDeadLetters.dialects, "s").message(letter(headers)).value?.toString()
  }

  it.each<[string, string, Record<string, string>]>([
    ["by its name", "orders.DLT", {}],
    ["by the headers of a framework", "graveyard", { "kafka_dlt-original-topic": "orders" }],
    ["by a header that people named", "graveyard", { "x-from": "orders" }],
  ])("is hidden as where it comes from, told %s", (_name, destination, headers) => {
    expect(masked(destination, headers)).toBe(`{"card":"${HIDDEN}","a":1}`)
  })

  it("is not hidden by the rules of another place", () => {
    expect(masked("graveyard", { "x-from": "invoices" })).toContain(CARD)
  })
})
