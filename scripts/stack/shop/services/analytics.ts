import { setTimeout as sleep } from "node:timers/promises"
import { subscribeModern } from "../consume-modern.ts"
import type { Click } from "../model.ts"
import type { Service, ShopContext } from "../shop-context.ts"

/** In the slow half it takes about four messages a second and member: far fewer than come. */
const SLOW_MS = 250

/** Counts clicks by campaign. Falls behind while its nightly report runs, and catches up after it. */
export async function startAnalytics(shop: ShopContext): Promise<Service> {
  const clicks = new Map<Click["campaign"], number>()
  return subscribeModern<Click>(shop, {
    group: "analytics",
    topics: ["clicks"],
    instances: 2,
    protocol: "classic",
    tracer: (instance) => shop.telemetry.tracer({ service: "analytics", version: "0.12.4", instance }),
    handle: async ({ campaign }) => {
      if (reportRuns(shop) && !shop.signal.aborted) await sleep(SLOW_MS)
      clicks.set(campaign, (clicks.get(campaign) ?? 0) + 1)
    },
  })
}

function reportRuns(shop: ShopContext): boolean {
  return Math.floor(Date.now() / shop.analyticsCycleMs) % 2 === 0
}
