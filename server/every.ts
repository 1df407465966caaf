import { setTimeout as sleep } from "node:timers/promises"

/**
 * Works, waits `ms`, and works again, until the signal aborts; the wait ends with it. `work` handles its own errors: one
 * that it throws ends the loop.
 */
export async function every(ms: number, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await work()
    await sleep(ms, undefined, { signal }).catch(() => undefined)
  }
}
