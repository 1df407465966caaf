import { expect, it } from "vitest"
import { changesOf } from "../../app/(console)/audit/changes.ts"

it.each([
  [null, null, []],
  [null, { a: 1 }, ["+ a –→1"]],
  [{ a: 1 }, undefined, ["+ a 1→–"]],
  [{ a: 1, b: "x" }, { a: 1, b: "y" }, ["+ b x→y", "  a 1→1"]],
  [{ g: { eu: "viewer" } }, { g: { eu: "admin", us: "viewer" } }, ["+ g.eu viewer→admin", "+ g.us –→viewer"]],
  [{ list: [1, 2] }, { list: [1, 3] }, ["+ list.1 2→3", "  list.0 1→1"]],
  [{ a: null }, { a: "null" }, ["  a null→null"]],
  ["off", "on", ["+ value off→on"]],
  [{ a: {} }, { a: [] }, ["+ a {}→[]"]],
])("before %j and after %j", (before, after, expected) => {
  const said = changesOf(before, after).map(
    (one) => `${one.changed ? "+" : " "} ${one.path} ${one.before ?? "–"}→${one.after ?? "–"}`,
  )
  expect(said).toEqual(expected)
})
