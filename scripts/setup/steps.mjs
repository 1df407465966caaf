/**
 * Runs one step and shows it with the time it took. Its error, if any, goes on to the caller.
 * @template Result
 * @param {string} title
 * @param {() => Result | Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function step(title, work) {
  const started = performance.now()
  const live = process.stdout.isTTY
  if (live) process.stdout.write(`  … ${title}`)
  let mark = "✗"
  try {
    const result = await work()
    mark = "✓"
    return result
  } finally {
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    process.stdout.write(`${live ? "\r\u001b[K" : ""}  ${mark} ${title} (${seconds} s)\n`)
  }
}

/** An error that is told in one sentence, without a stack. */
export class SetupError extends Error {}

/**
 * Runs a whole script: an error ends it with one sentence if it is a SetupError, with all that is known otherwise.
 * @param {() => Promise<number>} main resolves with the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
