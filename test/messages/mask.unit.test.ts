import { describe, expect, it } from "vitest"
import type { Message } from "#server/brokers/broker.ts"
import { HIDDEN, makeMask } from "#server/messages/masking/mask.ts"
import type { MaskingRule } from "#server/messages/masking/rule.ts"
import { cpuMs } from "#test/cpu.ts"

const rule = (given: Partial<MaskingRule>): MaskingRule => ({
  destination: "*",
  part: "value",
  kind: "path",
  expression: "$.card",
  how: "hide",
  ...given,
})

function masked(rules: Partial<MaskingRule>[], value: string | Buffer): string | undefined {
  const message: Message = {
    offset: 0n,
    timestamp: null,
    timestampType: null,
    key: null,
    value: Buffer.from(value),
    headers: [],
    control: null,
    withheld: null,
  }
  return makeMask(rules.map(rule), "secret").message(message).value?.toString()
}

describe("what a masking rule hides", () => {
  it("hides a field by its path, and leaves every digit of the rest", () => {
    const value = '{"card":"4111","id":12345678901234567890,"amount":1.5}'
    expect(masked([{}], value)).toBe(`{"card":"${HIDDEN}","id":12345678901234567890,"amount":1.5}`)
  })

  it("leaves the last four characters of what is long enough, and hashes with a key", () => {
    expect(masked([{ how: "last4" }], '{"card":"4111111111111234"}')).toBe(`{"card":"${HIDDEN}1234"}`)
    expect(masked([{ how: "last4" }], '{"card":"41"}')).toBe(`{"card":"${HIDDEN}"}`)
    const hashed = masked([{ how: "hash" }], '{"card":"4111"}')
    expect(hashed).toMatch(/^\{"card":"#[0-9a-f]{12}"\}$/)
    expect(masked([{ how: "hash" }], '{"card":"4111"}')).toBe(hashed)
  })

  it("finds a field at any depth, in lists, and hides whole objects", () => {
    const value = '{"items":[{"card":1},{"card":{"no":"4111"}}]}'
    expect(masked([{ expression: "$..card" }], value)).toBe(
      `{"items":[{"card":"${HIDDEN}"},{"card":"${HIDDEN}"}]}`,
    )
  })

  it("hides by pattern in texts, numbers and names of fields", () => {
    const pattern = { kind: "pattern" as const, expression: "4111\\d*" }
    expect(masked([pattern], "paid with 41112222 today")).toBe(`paid with ${HIDDEN} today`)
    expect(masked([pattern, { expression: "$.x" }], '{"x":1,"4111":41112}')).toBe(
      `{"x":"${HIDDEN}","${HIDDEN}":"${HIDDEN}"}`,
    )
  })

  it("hides the whole of what it cannot look into", () => {
    expect(masked([{}], "card 4111, not JSON at all")).toBe(HIDDEN)
    expect(masked([{}], '{"card":"4111"')).toBe(HIDDEN)
    expect(masked([{ kind: "pattern", expression: "x" }], Buffer.from([0xff, 0xfe, 0x41]))).toBe(HIDDEN)
    const deep = `${'{"a":'.repeat(300)}1${"}".repeat(300)}`
    expect(masked([{ expression: "$..card" }], deep)).toBe(HIDDEN)
  })

  it("hides headers by name and by pattern, and leaves the rest of the message alone", () => {
    const mask = makeMask(
      [
        rule({ part: "headers", expression: "auth*" }),
        rule({ part: "headers", kind: "pattern", expression: "a@b" }),
      ],
      "secret",
    )
    const headers = [
      { key: "authorization", value: Buffer.from("Bearer x") },
      { key: "from", value: Buffer.from("a@b.example") },
      { key: "trace", value: null },
    ]
    const message = {
      offset: 0n,
      timestamp: 1n,
      timestampType: "create" as const,
      control: null,
      withheld: null,
    }
    const value = Buffer.from("as it was")
    const shown = mask.message({ ...message, key: null, value, headers })
    expect(shown.value).toBe(value)
    expect(shown.headers.map((one) => one.value?.toString())).toEqual([
      HIDDEN,
      `${HIDDEN}.example`,
      undefined,
    ])
  })

  it.each([
    ["plain text", "card 4111111111111111 of A", `card ${HIDDEN} of A`],
    ["JSON", '{"card":"4111111111111111","a":1.50}', `{"card":"${HIDDEN}","a":1.50}`],
    ["JSON with escapes", '{"card":"\\u0034111111111111111","a":1}', `{"card":"${HIDDEN}","a":1}`],
    ["a JSON string with escapes", '"\\u0034111111111111111"', `"${HIDDEN}"`],
    ["a number with an exponent", "4.111111111111111e15", `"${HIDDEN}"`],
    ["XML with references", "<c>&#52;111111111111111</c>", HIDDEN],
    ["broken JSON with escapes", '{"card":"\\u0034111111111111111', HIDDEN],
    ["text without a match", "C:\\temp, 42", "C:\\temp, 42"],
    ["JSON without a match", '{ "a": 1.50 }', '{ "a": 1.50 }'],
  ])("matches a pattern in a header by what it means: %s", (_name, given, shown) => {
    const patterns = [rule({ part: "headers", kind: "pattern", expression: "[0-9]{16}" })]
    expect(makeMask(patterns, "secret").header("note", given)).toBe(shown)
  })

  it("runs a pattern that would hang other engines", () => {
    const work = () => masked([{ kind: "pattern", expression: "(a+)+$" }], `${"a".repeat(5000)}b`)
    expect(cpuMs(work)).toBeLessThan(2000)
  })

  it("says what is wrong with a path or a pattern", () => {
    expect(() => makeMask([rule({ expression: "$.[" })], "s")).toThrow(/JSONPath/)
    expect(() => makeMask([rule({ kind: "pattern", expression: "(?=a)" })], "s")).toThrow(
      /regular expression/,
    )
  })
})
