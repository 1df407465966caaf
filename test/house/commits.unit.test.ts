import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, it } from "vitest"
import { faultsOf } from "#scripts/check-commits.mjs"
import { root } from "./imports.ts"

const folder = mkdtempSync(path.join(tmpdir(), "signalbox-commits-"))
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  "Say when only the 200 most lagging members show\n\nThe list was cut without a word.\n",
  "Feed the forecast from stored samples",
  "Need a leader\n# Please enter the commit message for your changes.\n",
  'Revert "Added a thing"',
])("%j is a message", (message) => expect(faultsOf(message)).toEqual([]))

it.each([
  ["", "empty"],
  ["Added a chart", "imperative"],
  ["Adding a chart", "imperative"],
  ["Fixes the chart", "imperative"],
  ["add a chart", "small letter"],
  ["Add a chart.", "full stop"],
  ["WIP chart", "not finished"],
  ["fixup! Add a chart", "not finished"],
  ["Add a chart\nof lag", "second line"],
  [`Add ${"a very ".repeat(10)}long chart`, "characters"],
])("%j is none: %s", (message, why) => expect(faultsOf(message).join()).toContain(why))

it("the hook lets a good message pass and stops a bad one, with the reason", () => {
  const run = (message: string) => {
    const file = path.join(folder, "COMMIT_EDITMSG")
    writeFileSync(file, message)
    return spawnSync(path.join(root, "scripts/hooks/commit-msg"), [file], { encoding: "utf8" })
  }
  expect(run("Add a chart\n")).toMatchObject({ status: 0, stderr: "" })
  const refused = run("Added a chart\n")
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain("not imperative: “Added”")
})
