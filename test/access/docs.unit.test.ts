import { readFile } from "node:fs/promises"
import { expect, it } from "vitest"
import { PERMISSIONS } from "#server/access/permissions.ts"

const WHERE = { cluster: "cluster", any: "any", installation: "all" }

it("docs/access.md has the table of permissions as it is", async () => {
  const text = await readFile("docs/access.md", "utf8")
  const rows = text.matchAll(
    /^\| `([\w.-]+)` \| (viewer|operator|admin) \| (cluster|any|all) \| (yes|no) \|$/gm,
  )
  const written = [...rows].map(([, ...cells]) => cells.join(" "))
  const table = Object.entries(PERMISSIONS)
  expect(written).toEqual(
    table.map(([name, { role, scope, token }]) => `${name} ${role} ${WHERE[scope]} ${token ? "yes" : "no"}`),
  )
})
