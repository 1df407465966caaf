import { spawnSync } from "node:child_process"
import { expect, it } from "vitest"
import { notesOf } from "#scripts/release-notes.mjs"
import { root } from "./imports.ts"

const CHANGELOG = `# Changelog

## Unreleased

- Something new.

## 1.10.0 (2027-02-01)

### Added
- A chart.

## 1.1.0

- A table.
`

it("finds the notes of a version, and of no other that begins alike", () => {
  expect(notesOf(CHANGELOG, "1.10.0")).toBe("### Added\n- A chart.")
  expect(notesOf(CHANGELOG, "1.1.0")).toBe("- A table.")
  expect(notesOf(CHANGELOG, "1.1")).toBe(null)
  expect(notesOf(CHANGELOG, "2.0.0")).toBe(null)
})

it("makes no release of a version that the package does not have", () => {
  const asked = spawnSync(process.execPath, ["scripts/release-notes.mjs", "v99.0.0"], {
    cwd: root,
    encoding: "utf8",
  })
  expect(asked).toMatchObject({ status: 1, stdout: "" })
  expect(asked.stderr).toContain("The tag says 99.0.0")
})
