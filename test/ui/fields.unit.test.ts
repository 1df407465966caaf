import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  fieldAt,
  fieldsOf,
  parseBeginning,
} from "../../app/(console)/clusters/[cluster]/topics/[topic]/messages/fields.ts"
import { matchesIn } from "../../app/(console)/clusters/[cluster]/topics/[topic]/messages/matching.ts"

describe("fields of JSON values", () => {
  const order = JSON.stringify({
    id: "o-1",
    amount: 12.5,
    to: { city: "Berlin" },
    items: [{ sku: "a" }],
    "a.b": 7,
  })

  it("are named by their paths, the most frequent first, and lists are not looked into", () => {
    expect(fieldsOf([order, '{"amount":1}', "no JSON", "[1]"])).toEqual([
      "amount",
      "a.b",
      "id",
      "items",
      "to.city",
    ])
  })

  it("are read by their paths, also where a name has a dot", () => {
    expect(fieldAt(order, "to.city")).toBe("Berlin")
    expect(fieldAt(order, "amount")).toBe("12.5")
    expect(fieldAt(order, "a.b")).toBe("7")
    expect(fieldAt(order, "items")).toBe('[{"sku":"a"}]')
  })

  it("are unknown where they are not, never empty", () => {
    for (const path of ["none", "to.street", "amount.cents", "constructor", "__proto__"])
      expect(fieldAt(order, path)).toBeNull()
    expect(fieldAt("no JSON", "amount")).toBeNull()
  })

  it("are read from the beginning of a text that was cut", () => {
    const cut = '{"id":"o-1","to":{"city":"Ber, lin","street":"Haupt'
    expect(fieldAt(cut, "id")).toBe("o-1")
    expect(fieldAt(cut, "to.city")).toBe("Ber, lin")
    expect(fieldAt(cut, "to.street")).toBeNull()
  })

  it("of any beginning of any JSON are those of the whole, or unknown", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, at) => {
        const text = JSON.stringify(value)
        const part = parseBeginning(text.slice(0, at % (text.length + 1)))
        if (typeof part !== "object" || part === null) return
        // The last one may be only begun; a path without a name is the whole, and one with a dot may be two names.
        for (const name of Object.keys(part)
          .slice(0, -1)
          .filter((one) => /^[^.]+$/.test(one)))
          expect(fieldAt(JSON.stringify(part), name)).toBe(fieldAt(text, name))
      }),
    )
  })
})

describe("what is looked for", () => {
  it.each([
    [
      "contains" as const,
      "a+",
      "a+b a+",
      [
        [0, 2],
        [4, 6],
      ],
    ],
    [
      "pattern" as const,
      "o-\\d",
      "o-1 o-x o-22",
      [
        [0, 3],
        [8, 11],
      ],
    ],
    ["pattern" as const, "(", "((", []],
    ["pattern" as const, "x*", "abc", []],
    ["expression" as const, "@.a > 1", "@.a > 1", []],
    ["contains" as const, "", "abc", []],
  ])("%s %j in %j is at %j", (find, q, text, places) => {
    expect(matchesIn(text, { find, q })).toEqual(places)
  })
})
