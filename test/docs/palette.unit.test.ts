import { expect, test } from "vitest"
import { actsOn, readQuery } from "#app/(console)/palette/acts.ts"
import { generalActsFor, pagesFor } from "#app/(console)/palette/entries.ts"

const billing = { kind: "group", cluster: "shop", name: "billing" } as const
const orders = { kind: "destination", cluster: "shop", name: "orders" } as const

test.each([
  ["reset offsets of billing", ["reset", "offsets"], "billing"],
  ["reset billing", ["reset"], "billing"],
  ["Delete the topic orders", ["delete"], "orders"],
  ["billing", [], "billing"],
  ["reset-service", [], "reset-service"],
  ["payments eu", [], "payments eu"],
  // Nothing but words of acts: it may be the name of something all the same.
  ["delete", ["delete"], "delete"],
])("%s", (q, verbs, object) => {
  expect(readQuery(q)).toEqual({ verbs, object })
})

test("an act is offered on what it can be done to, and leads to its page", () => {
  expect(actsOn(billing, ["reset", "offsets"])).toEqual([
    { label: "Reset offsets of billing", path: "/clusters/shop/groups/billing/offsets" },
  ])
  expect(actsOn(orders, ["reset"])).toEqual([])
  expect(actsOn(orders, ["del"]).map(({ label }) => label)).toEqual(["Delete topic orders"])
  expect(actsOn(billing, [])).toEqual([])
})

test("pages and acts without an object are found by their name and by other words", () => {
  expect(pagesFor("dlq").map(({ label }) => label)).toEqual(["Failures"])
  expect(pagesFor("tokens").map(({ label }) => label)).toEqual(["API tokens"])
  expect(generalActsFor("dark theme").map(({ label }) => label)).toEqual(["Use dark colours"])
  expect(generalActsFor("nothing of the kind")).toEqual([])
})
