import { status } from "@grpc/grpc-js"
import { type Incoming, subscribe } from "../consume.ts"
import { deadLetters } from "../dead-letters.ts"
import { StatusError, serveGrpc } from "../grpc.ts"
import type { Order, Payment } from "../model.ts"
import { gzipPublisher } from "../publisher.ts"
import { newId } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { fail } from "../spans.ts"

const INSTANCES = 2
/** One authorisation in so many is not answered by the card network; the caller asks again. */
const UNANSWERED = 30

/**
 * Authorises payments when asked and captures them as orders come in, by two instances; keeps up. It cannot read the
 * amounts of the German shop ("12,50"): those orders end in `orders.payment.DLT`. The bug is on purpose: it is what one
 * looks for.
 */
export async function startPayment(shop: ShopContext): Promise<Service> {
  await using started = new AsyncDisposableStack()
  const instances: Instance[] = []
  for (let number = 1; number <= INSTANCES; number++) {
    const instance = await startInstance(shop, number)
    instances.push(started.use(instance))
    shop.addresses.payment.push(instance.address)
  }
  started.use(
    await subscribe<Order>(shop, {
      group: "payment",
      topics: ["orders"],
      instances: INSTANCES,
      tracer: (number) => tracerOf(shop, number),
      handle: (incoming) => instances[incoming.instance - 1]?.capture(incoming),
    }),
  )
  return started.move()
}

interface Instance extends AsyncDisposable {
  address: string
  capture(incoming: Incoming<Order>): Promise<void>
}

const [service, version] = ["payment", "2.14.1"] as const

function tracerOf(shop: ShopContext, instance: number) {
  return shop.telemetry.tracer({ service, version, instance })
}

async function startInstance(shop: ShopContext, number: number): Promise<Instance> {
  await using started = new AsyncDisposableStack()
  const tracer = tracerOf(shop, number)
  const publisher = started.use(await gzipPublisher(shop, { service, tracer }))
  const names = { service, version, group: service, topic: "orders.payment.DLT", tracer }
  const dead = started.use(await deadLetters(shop, names))
  const { address } = started.use(await serveGrpc("shop.Payment/Authorise", tracer, authorise))
  const owned = started.move()
  return {
    address,
    capture: async (incoming) => {
      try {
        const value = toPayment(incoming.value)
        const key = value.customerId
        publisher.publish({ topic: "payments", key, value, at: incoming.at, type: "PaymentCaptured" })
      } catch (error) {
        fail(incoming.at, error)
        await dead.send(incoming, error instanceof Error ? error : new Error(String(error)))
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function authorise(): Promise<{ authorisation: string }> {
  if (Math.random() < 1 / UNANSWERED)
    throw new StatusError(status.UNAVAILABLE, "the card network did not answer")
  return { authorisation: newId("auth") }
}

function toPayment(order: Order): Payment {
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
