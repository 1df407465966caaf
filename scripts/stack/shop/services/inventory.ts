import { subscribe } from "../consume.ts"
import { serveGrpc } from "../grpc.ts"
import type { Order, Reservation } from "../model.ts"
import { gzipPublisher } from "../publisher.ts"
import { pick } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"

/** Reserves goods when asked, and counts them out of stock as orders come in. Keeps up. */
export async function startInventory(shop: ShopContext): Promise<Service> {
  const service = "inventory"
  const tracer = shop.telemetry.tracer({ service, version: "1.19.0" })
  const publisher = await gzipPublisher(shop, { service, tracer })
  const stock = new Map<string, number>()
  const server = await serveGrpc("shop.Inventory/Reserve", tracer, async ({ orderId, items }, at) => {
    for (const { sku, quantity } of items) {
      const value: Reservation = { orderId, sku, quantity, warehouse: pick(["north", "south"]) }
      publisher.publish({ topic: "inventory.reservations", key: sku, value, at })
    }
    return { reservations: items.length }
  })
  shop.addresses.inventory.push(server.address)
  const reader = await subscribe<Order>(shop, {
    group: service,
    tracer: () => tracer,
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
