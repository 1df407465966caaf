import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { missingOptional } from "#scripts/setup/lockfile.mjs"

interface Lockfile {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lockfile

test("the lockfile has every optional package of every platform", () => {
  expect(missingOptional(packages)).toEqual([])
})

test("one that lacks any of them is noticed, wherever it is named", () => {
  const named = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}))
  expect(named.length).toBeGreaterThan(20)
  for (const name of new Set(named)) {
    const without = Object.entries(packages).filter(([place]) => !place.endsWith(`node_modules/${name}`))
    expect(missingOptional(Object.fromEntries(without)).join("\n")).toContain(`${name} (optional for `)
  }
})

test("a nested package counts for its parent, and for what is below it only", () => {
  const lock = {
    "": { dependencies: { a: "1", b: "1" } },
    "node_modules/a": { optionalDependencies: { deep: "1" } },
    "node_modules/a/node_modules/deep": { optionalDependencies: { top: "1" } },
    "node_modules/top": {},
    "node_modules/b": { optionalDependencies: { deep: "1" } },
  }
  expect(missingOptional(lock)).toEqual(["deep (optional for node_modules/b)"])
})
