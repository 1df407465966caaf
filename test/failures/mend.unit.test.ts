import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { applyMend, type Change, changesBetween, mend } from "#server/failures/replay/mend.ts"
import { parseTree } from "#server/messages/index.ts"

const body = (value: string) => ({ key: Buffer.from("k"), value: Buffer.from(value), headers: [] })
const treeOf = (value: unknown) => parseTree(JSON.stringify(value))
const changed = (value: string, changes: Change[]) =>
  applyMend(body(value), mend.parse({ changes })).value?.toString()

describe("one mended message teaches how to mend the others", () => {
  it.each<[string, unknown, unknown, Change[]]>([
    [
      "a decimal comma",
      { amount: "12,50" },
      { amount: "12.50" },
      [{ op: "replace", path: ["amount"], find: ",", with: "." }],
    ],
    ["a number in a string", { amount: "12,50" }, { amount: 12.5 }, [{ op: "number", path: ["amount"] }]],
    [
      "a currency",
      { amount: "12.50 EUR" },
      { amount: "12.50" },
      [{ op: "replace", path: ["amount"], find: " EUR", with: "" }],
    ],
    ["another text", { state: "nwe" }, { state: "open" }, [{ op: "set", path: ["state"], json: '"open"' }]],
    ["a new field", { a: 1 }, { a: 1, b: [2] }, [{ op: "set", path: ["b"], json: "[2]" }]],
    ["a field too many", { a: 1, b: 2 }, { a: 1 }, [{ op: "remove", path: ["b"] }]],
    [
      "something deep",
      { items: [{ sku: 1 }, { sku: 2 }] },
      { items: [{ sku: 1 }, { sku: 3 }] },
      [{ op: "set", path: ["items", 1, "sku"], json: "3" }],
    ],
    ["a list of another length", [1], [1, 2], [{ op: "set", path: [], json: "[1,2]" }]],
    ["nothing", { a: { b: null } }, { a: { b: null } }, []],
  ])("%s", (_name, before, after, changes) => {
    expect(changesBetween(treeOf(before), treeOf(after))).toEqual(changes)
    expect(JSON.parse(changed(JSON.stringify(before), changes) ?? "")).toEqual(after)
  })

  it("whatever the two are: the changes make the one of the other", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const text = JSON.stringify(before)
        const made = changed(text, changesBetween(treeOf(before), treeOf(after)))
        expect(JSON.parse(made ?? "")).toEqual(JSON.parse(JSON.stringify(after)))
      }),
    )
  })
})

describe("mending", () => {
  const comma: Change = { op: "replace", path: ["amount"], find: ",", with: "." }

  it.each([
    ['{"amount":"7,99"}', '{"amount":"7.99"}'],
    ['{ "amount": "7.99" }', '{ "amount": "7.99" }'],
    ['{ "total": 3 }', '{ "total": 3 }'],
    ['{"amount":{"a":1}}', '{"amount":{"a":1}}'],
    ["no json, at all", "no json, at all"],
  ])("of %s gives %s: what it does not apply to keeps its bytes", (before, after) => {
    expect(changed(before, [comma])).toBe(after)
  })

  it("loses no digit of a number", () => {
    const before = '{"id":12345678901234567890,"amount":"1,5"}'
    expect(changed(before, [comma])).toBe('{"id":12345678901234567890,"amount":"1.5"}')
  })

  it("changes only the characters that a change is about", () => {
    const before =
      '{"amount":"12,50", "price":12.50,"n":1.0,"b":1,"10":2,"2":0,"a":1,"a":2,"__proto__":[1 ,2]}'
    expect(changed(before, [comma])).toBe(before.replace("12,50", "12.50"))
    const item: Change = { op: "remove", path: ["__proto__", 0] }
    expect(changed(before, [item])).toBe(before.replace("[1 ,2]", "[2]"))
    const added: Change = { op: "set", path: ["new"], json: "1.0" }
    expect(changed('{\n  "a": 1\n}', [added])).toBe('{\n  "a": 1,\n  "new": 1.0\n}')
    expect(changed('{"a":1,"b":2,"a":3}', [{ op: "remove", path: ["a"] }])).toBe('{"b":2}')
  })

  it("takes a number only where there is no doubt", () => {
    const number: Change = { op: "number", path: ["a"] }
    expect(changed('{"a":"12,50"}', [number])).toBe('{"a":12.5}')
    expect(changed('{"a":"1.234,50"}', [number])).toBe('{"a":"1.234,50"}')
  })

  it("sets and removes headers, key and value, and leaves the others in their order", () => {
    const message = {
      key: Buffer.from("k"),
      value: Buffer.from("v"),
      headers: [
        { key: "a", value: Buffer.from("1") },
        { key: "b", value: null },
        { key: "a", value: Buffer.from("2") },
      ],
    }
    const by = mend.parse({
      key: null,
      value: "new",
      headers: { set: [{ key: "c", value: "3" }], remove: ["b"] },
    })
    const after = applyMend(message, by)
    expect(after.key).toBeNull()
    expect(after.value?.toString()).toBe("new")
    expect(after.headers.map((one) => `${one.key}=${one.value}`)).toEqual(["a=1", "a=2", "c=3"])
  })

  it("of a tombstone keeps it", () => {
    const tombstone = { ...body(""), value: null }
    expect(applyMend(tombstone, mend.parse({ changes: [comma] })).value).toBeNull()
  })
})
