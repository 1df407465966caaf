import type { Context } from "@opentelemetry/api"
import { grpcClient, type Method, type Methods, serveGrpc } from "../grpc.ts"
import type { Order, RateReply, RateRequest } from "../model.ts"
import { compressedPublisher, gzipPublisher } from "../publisher.ts"
import { requester } from "../request-reply.ts"
import type { Service, ShopContext } from "../shop-context.ts"

const TRIES = 3

/**
 * The order service: asks inventory for the goods and payment for an authorisation (gRPC), and currency for the rate of
 * what is not in euros (over topics), then tells everybody by `orders`. The confirmation goes to `notifications.email`
 * (zstd).
 */
export async function startOrders(shop: ShopContext): Promise<Service> {
  await using started = new AsyncDisposableStack()
  const service = "orders"
  const tracer = shop.telemetry.tracer({ service, version: "3.8.2" })
  const publisher = started.use(await gzipPublisher(shop, { service, tracer }))
  const emails = started.use(compressedPublisher(shop, { service, tracer }, "zstd"))
  const call = <Name extends Method>(method: Name, to: "inventory" | "payment") =>
    started.use(grpcClient(method, tracer, { service: to, addresses: shop.addresses[to] }))
  const [reserve, authorise] = [
    call("shop.Inventory/Reserve", "inventory"),
    call("shop.Payment/Authorise", "payment"),
  ]
  const topics = { requests: "currency.requests", replies: "currency.replies" }
  const currency = started.use(await requester<RateRequest, RateReply>(shop, { service, tracer, ...topics }))
  const place = async (order: Order, at: Context): Promise<Methods["shop.Orders/Place"]["response"]> => {
    const { orderId, customerId, items } = order
    await reserve.call({ orderId, items }, at)
    await repeated(() => authorise.call({ orderId }, at))
    // Without an answer the rate of yesterday will do.
    if (order.currency !== "EUR")
      await currency.ask({ from: order.currency, to: "EUR" }, at).catch(() => undefined)
    publisher.publish({ topic: "orders", key: customerId, value: order, at, type: "OrderPlaced" })
    const email = { to: `${customerId}@example.com`, template: "order-confirmed", orderId }
    emails.publish({ topic: "notifications.email", key: customerId, value: email, at })
    return { orderId }
  }
  const server = started.use(await serveGrpc("shop.Orders/Place", tracer, place))
  shop.addresses.orders.push(server.address)
  return started.move()
}

async function repeated<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === TRIES) throw error
    }
  }
}
