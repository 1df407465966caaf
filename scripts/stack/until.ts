import { setTimeout as sleep } from "node:timers/promises"

/** What a busy machine may need, ms. A wait ends as soon as its condition holds. */
const PATIENCE_MS = 90_000
const LOOK_EVERY_MS = 100

/** Waits until the condition holds; rejects with the words, and what failed last, when it takes too long. */
export async function until(
  words: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + withinMs
  for (;;) {
    let cause: unknown
    try {
      if (await holds()) return
    } catch (error) {
      cause = error
    }
    if (Date.now() > deadline)
      throw new Error(`Waited ${withinMs / 1000} s in vain until ${words}.`, { cause })
    await sleep(LOOK_EVERY_MS)
  }
}
