import fc from "fast-check"
import { expect, inject, it } from "vitest"
import { judge } from "./judge.ts"
import { script } from "./script.ts"
import { shrink } from "./shrink.ts"
import { chainWorld } from "./world.ts"

/** Histories of one cluster, and clusters that are played at the same time. */
const CELLS = 50
const CLUSTERS = 2
const RUNS = Number(process.env.RUNS ?? 1000)
/** Always the same histories, so that a run that fails tells of a change; SEED=… plays others. */
const SEED = Number(process.env.SEED ?? 77)
/** Plays that may be spent on making a counterexample small. */
const SHRINKS = Number(process.env.SHRINKS ?? 150)

/**
 * Plays RUNS random histories through sampling, store, roll-ups and queries, and compares every shown value with a model
 * that keeps all samples.
 */
it(`shows the truth of ${RUNS} histories (SEED=${SEED})`, { timeout: 20 * 60_000 }, async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const numRuns = Math.ceil(RUNS / CELLS / CLUSTERS)
  const plays = fc.sample(fc.array(script(CELLS), { minLength: CLUSTERS, maxLength: CLUSTERS }), {
    seed: SEED,
    numRuns,
  })
  for (const [run, scripts] of plays.entries()) {
    const rolled = run % 3 > 0
    const findings = await judge(world, scripts, rolled)
    if (findings.length === 0) continue
    const smallest = await shrink(
      scripts,
      async (some) => (await judge(world, some, rolled)).length > 0,
      SHRINKS,
    )
    expect.fail(
      [
        `SEED=${SEED}, play ${run}${rolled ? ", rolled up" : ""}:`,
        ...(await judge(world, smallest, rolled)).slice(0, 10),
        JSON.stringify(smallest),
      ].join("\n"),
    )
  }
})
