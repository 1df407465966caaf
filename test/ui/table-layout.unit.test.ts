import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { keepLayout, readLayout } from "#app/ui/data-table/table-layout.ts"

const kept = new Map<string, string>()

beforeEach(() => {
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  kept.clear()
})

test("a layout that was kept is read again, and one without anything is not kept", () => {
  const layout = { hidden: { cluster: false as const }, widths: { name: 240 } }
  keepLayout("groups", layout)
  expect(readLayout("groups")).toEqual(layout)
  keepLayout("groups", { hidden: {}, widths: {} })
  expect(kept.size).toBe(0)
})

test.each([
  "",
  "{",
  "null",
  "7",
  "[]",
  '{"hidden":3,"widths":null}',
  '{"hidden":{"a":true},"widths":{"b":"9"}}',
])("of what is no layout (%s) nothing is taken", (text) => {
  kept.set("signalbox.table.groups", text)
  expect(readLayout("groups")).toEqual({ hidden: {}, widths: {} })
})
