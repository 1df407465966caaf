import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")

/** Runs a script of ours by a Node that says it is another version. */
function runBy(version: string, script: string) {
  const versions = `{ value: { ...process.versions, node: ${JSON.stringify(version)} } }`
  const older = `data:text/javascript,Object.defineProperty(process, "versions", ${versions})`
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", older, script], {
    cwd: root,
    encoding: "utf8",
  })
  return { status, told: stdout + stderr }
}

test.each(["server/main.ts", "scripts/generate.mjs", "scripts/rotate-secret.ts"])(
  "%s says in one sentence that Node is too old",
  (script) => {
    expect(runBy("24.5.9", script)).toEqual({
      status: 1,
      told: "Signalbox needs Node 24.6 or later, and this is Node 24.5.9: install a newer one, or run `npm ci` and then `npm start`, which use a Node that comes along.\n",
    })
  },
)

test.each(["scripts/demo.mjs", "scripts/run-tests.mjs", "scripts/setup.mjs"])(
  "%s runs by an older one, but not by any",
  (script) => {
    expect(runBy("20.10.0", script)).toEqual({
      status: 1,
      told: "Signalbox needs Node 20.11 or later, and this is Node 20.10.0: install a newer one.\n",
    })
  },
)

test.each(["24.6.0", "24.10.0", "100.0.0"])("Node %s is not refused", (version) => {
  expect(runBy(version, "server/expect-node.mjs")).toEqual({ status: 0, told: "" })
})

test("npm start and npm run build ask the Node first, by a script that an old one can load", () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
  for (const name of ["start", "build"]) expect(scripts[`pre${name}`]).toBe("node scripts/generate.mjs")
})
