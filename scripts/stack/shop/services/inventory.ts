import { subscribe } from "../consume.ts"
import type { Order, Reservation } from "../model.ts"
import { gzipPublisher } from "../publisher.ts"
import { pick } from "../random.ts"
import { serveRpc } from "../rpc.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import type { Traceparent } from "../traceparent.ts"

/** Reserves goods when asked, and counts them out of stock as orders come in. Keeps up. */
export async function startInventory(shop: ShopContext): Promise<Service> {
  const publisher = await gzipPublisher(shop, "inventory")
  const stock = new Map<string, number>()
  const reserve = async (request: Omit<Reservation, "warehouse">, trace: Traceparent) => {
    const reservation: Reservation = { ...request, warehouse: pick(["north", "south"]) }
    publisher.publish({ topic: "inventory.reservations", key: request.sku, value: reservation, trace })
    return reservation
  }
  const server = await serveRpc({
    reserve: (request, trace) => reserve(request as Omit<Reservation, "warehouse">, trace),
  })
  shop.urls.inventory = server.url
  const reader = await subscribe<Order>(shop, {
    group: "inventory",
    topics: ["orders"],
    handle: ({ value }) => {
      for (const { sku, quantity } of value.items) stock.set(sku, (stock.get(sku) ?? 100_000) - quantity)
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await reader[Symbol.asyncDispose]()
      await publisher[Symbol.asyncDispose]()
    },
  }
}
