import { setTimeout as sleep } from "node:timers/promises"

export { until } from "#scripts/stack/until.ts"

/** What a busy machine may need, ms. */
const PATIENCE_MS = 90_000
const LOOK_EVERY_MS = 100

/**
 * Looks again and again until what it sees is as wanted, and returns it. After a minute and a half it returns what it saw last, so
 * that the expectation that follows shows the difference.
 */
export async function seenUntil<Seen>(
  look: () => Promise<Seen>,
  wanted: (seen: Seen) => boolean,
): Promise<Seen> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (wanted(seen) || Date.now() > deadline) return seen
    await sleep(LOOK_EVERY_MS)
  }
}
