import type { AuditEvent } from "../model.ts"
import { gzipPublisher } from "../publisher.ts"
import { newId, pick } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { readForAWhile } from "../stopped-group.ts"
import { occurrences, wave } from "../wave.ts"

const TICK_MS = 500
const EVENTS_A_SECOND = 12

/**
 * Writes down who did what in `audit.events`, which keeps things only for a short time. `audit-archiver` is to bring
 * them to safety, but has stopped: its unread messages are being deleted.
 */
export async function startAudit(shop: ShopContext): Promise<Service> {
  const publisher = await gzipPublisher(shop, { service: "audit" })
  const timer = setInterval(() => {
    const now = EVENTS_A_SECOND * wave(Date.now(), shop.wavePeriodMs) * shop.rate
    for (let count = occurrences(now, TICK_MS); count > 0; count--) {
      const value: AuditEvent = {
        actor: pick(["support", "warehouse", "system"]),
        action: pick(["viewed", "changed", "refunded", "exported"]),
        subject: newId("ord"),
        at: new Date().toISOString(),
      }
      publisher.publish({ topic: "audit.events", key: value.subject, value })
    }
  }, TICK_MS)
  const archiver = readForAWhile(shop, { group: "audit-archiver", topic: "audit.events" })
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await archiver[Symbol.asyncDispose]()
      await publisher[Symbol.asyncDispose]()
    },
  }
}
