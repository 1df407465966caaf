const SLOWEST = 10

/** A reporter of Vitest: prints the slowest files when all have run, with their set-up and hooks. */
export default class Slowest {
  /** @param {ReadonlyArray<import("vitest/node").TestModule>} modules */
  onTestRunEnd(modules) {
    const files = modules.map((module) => {
      const { duration, collectDuration, setupDuration } = module.diagnostic()
      return { name: module.relativeModuleId, seconds: (duration + collectDuration + setupDuration) / 1000 }
    })
    const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
    console.log("\nSlowest files, in seconds:")
    for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)}  ${name}`)
  }
}
