import { setTimeout as sleep } from "node:timers/promises"
import { lagWorld } from "#test/lag/world.ts"

/**
 * A process that samples the cluster of BOOTSTRAP into DATABASE_URL, sweep after sweep, as fast as it can, and prints a line
 * of JSON with its heap after garbage collection now and then. Run with --expose-gc; ends after so many SWEEPS.
 */
const EVERY = 20
const STEP_MS = 10_000

const collectGarbage = globalThis.gc
if (!collectGarbage) throw new Error("run with --expose-gc")
const { DATABASE_URL: databaseUrl = "", BOOTSTRAP = "", SWEEPS = "" } = process.env
await using world = await lagWorld({ databaseUrl, bootstrap: BOOTSTRAP.split(",") })
await world.describe()
// Moments as far apart as the collector's, so that its window of minutes is full, and moves on, after thirty sweeps.
for (let sweeps = 1, at = Date.now(); sweeps <= Number(SWEEPS); sweeps++, at += STEP_MS) {
  await world.sweep(at)
  if (sweeps % EVERY > 0) continue
  collectGarbage()
  await sleep(1)
  collectGarbage()
  console.log(JSON.stringify({ sweeps, heap: process.memoryUsage().heapUsed }))
}
