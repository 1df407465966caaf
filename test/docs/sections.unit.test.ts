import { expect, test } from "vitest"
import { HELP_TOPICS, helpTopicOf } from "#app/(console)/help-topics.ts"
import { readDocs, sectionsOf, slugOf } from "#server/docs/index.ts"

test("a page becomes its sections, each with an anchor as GitHub makes it", () => {
  const sections = sectionsOf(
    "offsets",
    "# Resetting\n\nWhat `it` is.\n\n## Arming it: *now*\n\nWait.\n\n### Deeper\n\nMore.\n\n## Undo\n\nBack.\n",
  )
  expect(sections.map(({ id, heading }) => [id, heading])).toEqual([
    ["offsets", "Resetting"],
    ["offsets#arming-it-now", "Arming it: now"],
    ["offsets#undo", "Undo"],
  ])
  expect(sections.every(({ page }) => page === "Resetting")).toBe(true)
  expect(sections[1]?.html).toContain("<h3>Deeper</h3>")
  expect(sections[0]?.text).toBe("What it is.")
})

test("links within the documentation stay within it, others open beside, pictures are left out", () => {
  const [section] = sectionsOf(
    "a",
    "# A\n\nSee [reset](offsets.md#undoing-it), [it](alerts.md), [Kafka](https://kafka.apache.org/), [code](../server/x.ts) ![p](p.png)\n",
  )
  expect(section?.html).toContain('<a href="#doc:offsets#undoing-it">reset</a>')
  expect(section?.html).toContain('<a href="#doc:alerts">it</a>')
  expect(section?.html).toContain(
    '<a href="https://kafka.apache.org/" target="_blank" rel="noreferrer">Kafka</a>',
  )
  expect(section?.html).not.toMatch(/server\/x\.ts|<img/)
})

test("what is HTML in a heading or in code is text", () => {
  const [section] = sectionsOf("a", "# A\n\n`<script>alert(1)</script>`\n")
  expect(section?.html).not.toContain("<script")
  expect(slugOf("Rules in signalbox.yaml")).toBe("rules-in-signalboxyaml")
})

test("every page of the console has a section that exists", async () => {
  const ids = new Set((await readDocs()).map(({ id }) => id))
  expect(HELP_TOPICS.map(([, section]) => section).filter((section) => !ids.has(section))).toEqual([])
})

test.each([
  ["/clusters/shop/groups/billing/offsets?to=latest", "offsets#making-a-plan"],
  ["/clusters/shop/groups/billing/offsets/17", "offsets#reading-a-plan"],
  ["/clusters/shop/groups/billing", "concepts#status-of-a-group"],
  ["/clusters/shop/topics/orders?tab=messages", "messages#reading"],
  ["/clusters/shop/topics/orders/edit", "administration#how-each-act-works"],
  ["/failures", "failures"],
  ["/settings/tokens", "access#api-tokens"],
  ["/", "concepts"],
])("%s is explained by %s", (address, section) => {
  expect(helpTopicOf(address)).toBe(section)
})
