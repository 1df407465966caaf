import type { Store } from "#server/store/index.ts"
import { foldCounts } from "./calls/fold.ts"
import { keepHours } from "./calls/hours.ts"
import { digestMinute } from "./digest/digest.ts"

/** What is done every minute, by any number of processes: counts are put together and added up by the hour, and a sample of traces is read. */
export async function maintainTraces(store: Pick<Store, "pool">, now: number): Promise<void> {
  await foldCounts(store, now)
  await keepHours(store, now)
  await digestMinute(store, now)
}
