import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { strategyInput } from "#server/offsets/model.ts"
import { STRATEGY_WORDS } from "#server/offsets/strategy-words.ts"

test("the guide explains every place where a group can be moved, by the words of the form", () => {
  const guide = readFileSync("docs/offsets.md", "utf8")
  const [, table = ""] = /\n\| move to \|.*\n\| -.*\n((?:\|.*\n)+)/.exec(guide) ?? []
  const explained = table.split("\n").flatMap((row) => row.split(" | ")[0]?.replace("| ", "") || [])
  expect(explained.toSorted()).toEqual(Object.values(STRATEGY_WORDS).toSorted())
})

test("every strategy that a plan can have is offered", () => {
  const kinds = strategyInput.options.map(({ shape }) => shape.kind.value)
  expect(Object.keys(STRATEGY_WORDS).toSorted()).toEqual(kinds.toSorted())
})
