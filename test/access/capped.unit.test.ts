import fc from "fast-check"
import { expect, it } from "vitest"
import { capped, roleOn } from "#server/access/permissions.ts"
import type { Grants, Role } from "#server/actor.ts"

const ROLES = [null, "viewer", "operator", "admin"] as const
const role = fc.constantFrom<Role>("viewer", "operator", "admin")
const grants = fc.record({
  role: fc.option(role),
  clusters: fc.dictionary(fc.constantFrom("a", "b", "c", "constructor"), role),
})

it("capped rights are the lower of both, on every cluster and on the installation", () => {
  fc.assert(
    fc.property(grants, grants, (wanted, most) => {
      const given = capped(wanted, most)
      for (const slug of ["a", "b", "c", "constructor", "elsewhere", "__proto__"]) {
        const expected = Math.min(rank(on(wanted, slug)), rank(on(most, slug)))
        expect(rank(on(given, slug))).toBe(expected)
      }
      expect(rank(given.role)).toBe(Math.min(rank(wanted.role), rank(most.role)))
    }),
  )
})

function on(held: Grants, slug: string): Role | null {
  return roleOn({ kind: "user", id: "", email: "", ...held }, slug)
}

function rank(held: Role | null): number {
  return ROLES.indexOf(held)
}
