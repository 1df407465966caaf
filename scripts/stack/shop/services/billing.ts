import type { Service, ShopContext } from "../shop-context.ts"
import { readForAWhile } from "../stopped-group.ts"

/** Makes invoices of payments, or did: it has stopped, and unread payments wait for it. */
export async function startBilling(shop: ShopContext): Promise<Service> {
  return readForAWhile(shop, { group: "billing", topic: "payments" })
}
