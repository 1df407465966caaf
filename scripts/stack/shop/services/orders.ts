import type { Order } from "../model.ts"
import { compressedPublisher, gzipPublisher } from "../publisher.ts"
import { callRpc, serveRpc } from "../rpc.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { continueTrace, type Traceparent } from "../traceparent.ts"

/**
 * The order service: asks inventory for the goods and payment for an authorisation, then tells everybody by `orders`.
 * The confirmation goes to `notifications.email` (zstd).
 */
export async function startOrders(shop: ShopContext): Promise<Service> {
  const publisher = await gzipPublisher(shop, "orders")
  const emails = compressedPublisher(shop, "orders", "zstd")
  const place = async (order: Order, trace: Traceparent) => {
    for (const { sku, quantity } of order.items) {
      const wanted = { orderId: order.orderId, sku, quantity }
      await callRpc(`${shop.urls.inventory}/reserve`, wanted, continueTrace(trace))
    }
    await callRpc(`${shop.urls.payment}/authorise`, { orderId: order.orderId }, continueTrace(trace))
    publisher.publish({ topic: "orders", key: order.customerId, value: order, trace, type: "OrderPlaced" })
    const email = {
      to: `${order.customerId}@example.com`,
      template: "order-confirmed",
      orderId: order.orderId,
    }
    emails.publish({ topic: "notifications.email", key: order.customerId, value: email, trace })
    return { orderId: order.orderId, accepted: true }
  }
  const server = await serveRpc({ place: (request, trace) => place(request as Order, trace) })
  shop.urls.orders = server.url
  return {
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await publisher[Symbol.asyncDispose]()
      await emails[Symbol.asyncDispose]()
    },
  }
}
