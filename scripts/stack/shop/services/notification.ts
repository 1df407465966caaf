import { subscribeModern } from "../consume-modern.ts"
import type { Email } from "../model.ts"
import type { Service, ShopContext } from "../shop-context.ts"

/** Sends e-mails. Keeps up. Its group speaks the new protocol (KIP-848), where the broker assigns partitions. */
export async function startNotification(shop: ShopContext): Promise<Service> {
  const sent = new Map<Email["template"], number>()
  return subscribeModern<Email>(shop, {
    group: "notification",
    topics: ["notifications.email"],
    instances: 2,
    protocol: "consumer",
    tracer: (instance) => shop.telemetry.tracer({ service: "notification", version: "1.0.9", instance }),
    handle: ({ template }) => {
      sent.set(template, (sent.get(template) ?? 0) + 1)
    },
  })
}
