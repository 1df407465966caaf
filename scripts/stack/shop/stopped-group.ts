import { setTimeout as sleep } from "node:timers/promises"
import { kafkaJs, subscribe } from "./consume.ts"
import type { Service, ShopContext } from "./shop-context.ts"

/** A group that reads and commits for `stopAfterMs`, and then leaves for good: also in later runs of the shop. */
export function readForAWhile(
  shop: ShopContext,
  { group, topic }: { group: string; topic: string },
): Service {
  const left = new AbortController()
  const signal = AbortSignal.any([left.signal, shop.signal])
  const done = (async () => {
    if (await hasCommitted(shop, group, topic)) return
    await using _reader = await subscribe(shop, { group, topics: [topic], handle: () => undefined })
    await sleep(shop.stopAfterMs, undefined, { signal }).catch(() => undefined)
  })().catch((error) => shop.log(`${group}: ${error}`))
  return {
    [Symbol.asyncDispose]: async () => {
      left.abort()
      await done
    },
  }
}

async function hasCommitted(shop: ShopContext, groupId: string, topic: string): Promise<boolean> {
  const admin = kafkaJs(shop, groupId).admin()
  await admin.connect()
  try {
    const [found] = await admin.fetchOffsets({ groupId, topics: [topic] })
    return (found?.partitions ?? []).some(({ offset }) => Number(offset) >= 0)
  } finally {
    await admin.disconnect()
  }
}
