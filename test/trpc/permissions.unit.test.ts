import { expect, it } from "vitest"
import { PERMISSIONS } from "#server/access/index.ts"
import { allProcedures } from "./procedures.ts"

/** What a permission of each router's procedures begins with. */
const KINDS: Record<string, RegExp> = {
  access: /^(access|user|audit)\./,
  administration: /^(destination|group)\./,
  alerts: /^alert\./,
  clusters: /^cluster\./,
  failures: /^failure\./,
  masking: /^(masking|message)\./,
  messages: /^message\./,
  offsets: /^offsets\./,
  traces: /^trace\./,
  views: /^view\./,
}
/** Changes that a viewer may make: of what is their own, and nothing of a cluster. */
const FOR_VIEWERS =
  /^(access\.(changePassword|revokeSession|signOutEverywhere|tokens\.(create|revoke))|masking\.again|messages\.remember|views\.(save|remove))$/

const changing = allProcedures().filter(({ type }) => type === "mutation")

it("every change asks for a permission of its own kind", () => {
  const strange = changing.filter(({ path, permission }) => {
    const kind = KINDS[path.split(".")[0] ?? ""]
    return permission !== undefined && !kind?.test(permission)
  })
  expect(strange).toEqual([])
})

it("every change asks for more than a viewer has, but for what is one's own", () => {
  const open = changing.filter(({ permission }) => permission && PERMISSIONS[permission].role === "viewer")
  expect(open.map(({ path }) => path).filter((path) => !FOR_VIEWERS.test(path))).toEqual([])
})
