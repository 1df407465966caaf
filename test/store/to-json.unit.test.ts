import { expect, it } from "vitest"
import { isoOrRaw } from "#server/moment.ts"
import { toJson } from "#server/store/index.ts"

it("JSON for a statement holds nothing that PostgreSQL refuses", () => {
  const cut = "😀".slice(0, 1)
  expect(JSON.parse(toJson([{ a: "x\0y", b: cut, c: 5n, d: "grüße 😀" }]))).toEqual([
    { a: "x\uFFFDy", b: "\uFFFD", c: 5, d: "grüße 😀" },
  ])
})

it("a number that is no moment is written as it is", () => {
  const moments = [0, -1, Date.parse("0001-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59.999Z")]
  expect(moments.map((ms) => isoOrRaw(BigInt(ms)))).toEqual([
    "1970-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ])
  expect([1_700_000_000_000_000n, 1_764_160_000_000_000_001n, -(2n ** 63n)].map(isoOrRaw)).toEqual([
    "1700000000000000",
    "1764160000000000001",
    "-9223372036854775808",
  ])
})
