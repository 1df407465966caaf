import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { z } from "zod"

const manifest = z
  .object({ engines: z.object({ node: z.string() }), dependencies: z.object({ node: z.string() }) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")))

test("one version of Node: the package `node`, .nvmrc and the Node that runs this", () => {
  expect(readFileSync(".nvmrc", "utf8").trim()).toBe(manifest.dependencies.node)
  expect(process.version).toBe(`v${manifest.dependencies.node}`)
})

test("engines.node is met by it", () => {
  const least = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node)?.slice(1).map(Number)
  const pinned = manifest.dependencies.node.split(".").map(Number)
  expect(pinned[0]).toBe(least?.[0])
  expect(pinned[1]).toBeGreaterThanOrEqual(least?.[1] ?? Number.POSITIVE_INFINITY)
})
