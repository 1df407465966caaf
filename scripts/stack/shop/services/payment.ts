import { subscribe } from "../consume.ts"
import { deadLetters } from "../dead-letters.ts"
import type { Order, Payment } from "../model.ts"
import { gzipPublisher } from "../publisher.ts"
import { newId } from "../random.ts"
import { serveRpc } from "../rpc.ts"
import type { Service, ShopContext } from "../shop-context.ts"

/**
 * Authorises payments when asked and captures them as orders come in; keeps up. It cannot read the amounts of the
 * German shop ("12,50"): those orders end in `orders.payment.DLT`. The bug is on purpose: it is what one looks for.
 */
export async function startPayment(shop: ShopContext): Promise<Service> {
  const publisher = await gzipPublisher(shop, "payment")
  const names = { service: "payment", version: "2.14.1", group: "payment", topic: "orders.payment.DLT" }
  const dead = await deadLetters(shop, names)
  const server = await serveRpc({ authorise: async () => ({ authorisation: newId("auth") }) })
  shop.urls.payment = server.url
  const reader = await subscribe<Order>(shop, {
    group: "payment",
    topics: ["orders"],
    instances: 2,
    handle: async (incoming) => {
      try {
        const value = capture(incoming.value)
        const key = value.customerId
        publisher.publish({ topic: "payments", key, value, trace: incoming.trace, type: "PaymentCaptured" })
      } catch (error) {
        await dead.send(incoming, error instanceof Error ? error : new Error(String(error)))
      }
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await reader[Symbol.asyncDispose]()
      await dead[Symbol.asyncDispose]()
      await publisher[Symbol.asyncDispose]()
    },
  }
}

function capture(order: Order): Payment {
  const { orderId, customerId, currency, address } = order
  return { paymentId: newId("pay"), orderId, customerId, cents: parseAmount(order.amount), currency, address }
}

class NumberFormatException extends Error {
  override readonly name = "NumberFormatException"
}

function parseAmount(amount: string): number {
  const value = Number(amount)
  if (Number.isNaN(value)) throw new NumberFormatException(`For input string: "${amount}"`)
  return Math.round(value * 100)
}
