import { access } from "node:fs/promises"
import { expect, it } from "vitest"
import { SECONDS } from "#test/setup/seconds.ts"

it("knows the seconds of files that exist, the longest first", async () => {
  await Promise.all(Object.keys(SECONDS).map((file) => access(file)))
  const seconds = Object.values(SECONDS)
  expect(seconds).toEqual(seconds.toSorted((a, b) => b - a))
})
