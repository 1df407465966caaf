import type { Customer } from "../model.ts"
import { gzipPublisher } from "../publisher.ts"
import { pick, pickSkewed } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { occurrences } from "../wave.ts"

const TICK_MS = 1000
const NAMES = ["Ada", "Blaise", "Chen", "Dorothy", "Edsger", "Frances", "Grace", "Hedy"] as const

/** Keeps the newest state of each customer in the compacted topic `customers`; a customer who left is a tombstone. */
export async function startCustomers(shop: ShopContext): Promise<Service> {
  const publisher = await gzipPublisher(shop, { service: "customers" })
  const timer = setInterval(() => {
    for (let count = occurrences(4 * shop.rate, TICK_MS); count > 0; count--) {
      const customerId = `cust-${String(Math.floor(Math.random() * 500)).padStart(4, "0")}`
      const value: Customer = {
        customerId,
        name: pick(NAMES),
        email: `${customerId}@example.com`,
        tier: pickSkewed(["bronze", "silver", "gold"]),
      }
      publisher.publish({ topic: "customers", key: customerId, value, type: "CustomerChanged" })
    }
  }, TICK_MS)
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await publisher[Symbol.asyncDispose]()
    },
  }
}
