// npm test: sets this machine up, runs the static checks and all tests. Arguments go to Vitest. The last lines are the
// slowest files, the seed of what was random, and "N passed, N failed, N skipped".
import "./setup/expect-node.mjs"
import { randomInt } from "node:crypto"
import { mkdirSync, readFileSync, rmSync } from "node:fs"
import path from "node:path"
import { findChromium } from "./setup/programs.mjs"
import { handOver, pinnedNode, root } from "./setup/run.mjs"
import { runScript } from "./setup/steps.mjs"
import { ensure, FOR_TESTS } from "./setup.mjs"

const report = path.join(root, ".cache", "test-report.json")

await runScript(async () => {
  await ensure(FOR_TESTS)
  const chosen = process.argv.slice(2)
  // Whoever names files wants these only.
  const check = chosen.length > 0 ? 0 : await handOver("npm", ["run", "--silent", "check"])
  mkdirSync(path.dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs")
  const slowest = path.join(root, "scripts", "setup", "slowest.mjs")
  const reporters = ["default", "json", slowest].map((name) => `--reporter=${name}`)
  reporters.push(`--outputFile.json=${report}`)
  const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 31))
  // The tests start the product's roles some hundred times; each start loads in half the time what was compiled before.
  const compiled = process.env.NODE_COMPILE_CACHE ?? path.join(root, ".cache", "compiled")
  const env = { CHROMIUM_PATH: findChromium() ?? "", TEST_SEED: seed, NODE_COMPILE_CACHE: compiled }
  const tests = await handOver(pinnedNode, [vitest, "run", ...reporters, ...chosen], env)
  if (check !== 0) console.log("\nnpm run check failed: see above.")
  console.log(`\nTEST_SEED=${seed}\n\n${closingLine()}`)
  return check || tests
})

function closingLine() {
  try {
    const { numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, "utf8"),
    )
    // A file that could not be loaded has no test of its own that failed: it counts as one.
    const failed = testResults.reduce((sum, file) => {
      const tests = file.assertionResults.filter((test) => test.status === "failed").length
      return sum + (tests === 0 && file.status === "failed" ? 1 : tests)
    }, 0)
    return `${numPassedTests} passed, ${failed} failed, ${numPendingTests + (numTodoTests ?? 0)} skipped`
  } catch {
    return "0 passed, 1 failed, 0 skipped"
  }
}
