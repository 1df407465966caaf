import { grpcClient } from "../grpc.ts"
import { serveHttp } from "../http.ts"
import type { Address, Click, Order } from "../model.ts"
import { compressedPublisher } from "../publisher.ts"
import { newId, pick, pickSkewed } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { occurrences, wave } from "../wave.ts"

const TICK_MS = 200
const ORDERS_A_SECOND = 8
const CLICKS_A_SECOND = 45
/** One order in so many comes from the German shop, which writes decimals with a comma. */
const GERMAN = 60
/** Too many clicks to record the trace of each. */
const SAMPLED_CLICKS = 0.05
/** Orders of wholesalers in the time that they send them, and what is in each. */
const WHOLESALE_A_SECOND = 1
const WHOLESALE_ITEMS = 40
const WHOLESALERS = 12
const WHOLESALE_ARTICLES = 200

const SKUS = ["tea-assam", "tea-sencha", "mug-blue", "kettle-1l", "honey-lime", "filter-100"] as const
const CITIES = ["Lyon", "Porto", "Graz", "Ghent", "Turku"] as const
const CAMPAIGNS = [
  "summer-sale",
  "newsletter",
  "search",
  "friends",
  "partner",
  "video",
  "podcast",
  "print",
] as const

/** Always the same customer, so that the order without an address always comes to the same partition. */
const NO_ADDRESS_CUSTOMER = "cust-0013"

/**
 * The web shop: visitors click, and some of them order, by HTTP. It calls the order service (gRPC) and sends `clicks` (lz4).
 * Now and then wholesalers send their orders, of forty articles each.
 */
export async function startStorefront(shop: ShopContext): Promise<Service> {
  await using started = new AsyncDisposableStack()
  const identity = { service: "storefront", version: "5.2.0" }
  const tracer = shop.telemetry.tracer(identity)
  const clicks = shop.telemetry.tracer({ ...identity, sampled: SAMPLED_CLICKS })
  const publisher = started.use(
    compressedPublisher(shop, { service: identity.service, tracer: clicks }, "lz4"),
  )
  const orders = started.use(
    grpcClient("shop.Orders/Place", tracer, { service: "orders", addresses: shop.addresses.orders }),
  )
  const checkout = started.use(
    await serveHttp("/checkout", tracer, (order, at) => orders.call(order as Order, at)),
  )
  const place = async (order: Order) => {
    try {
      const body = JSON.stringify(order)
      const { status } = await fetch(checkout.url, {
        method: "POST",
        body,
        signal: AbortSignal.timeout(10_000),
      })
      if (status !== 200) throw new Error(`status ${status}`)
    } catch (error) {
      shop.log(`storefront: order ${order.orderId} failed: ${error}`)
    }
  }
  const timer = setInterval(() => {
    const now = wave(Date.now(), shop.wavePeriodMs) * shop.rate
    for (let count = occurrences(ORDERS_A_SECOND * now, TICK_MS); count > 0; count--) void place(newOrder())
    if (wholesalersOrder(shop))
      for (let count = occurrences(WHOLESALE_A_SECOND * shop.rate, TICK_MS); count > 0; count--)
        void place(newWholesaleOrder())
    for (let count = occurrences(CLICKS_A_SECOND * now, TICK_MS); count > 0; count--) {
      const campaign = Math.random() < 0.5 ? pickSkewed(CAMPAIGNS) : null
      const page = `/products/${pick(SKUS)}`
      const visitor = newId("v")
      const click: Click = { campaign, page, visitor, at: new Date().toISOString() }
      // Keyed by campaign where there is one: a campaign that does well makes its partition a hot one.
      publisher.publish({ topic: "clicks", key: campaign ?? visitor, value: click })
    }
  }, TICK_MS)
  const poison = setTimeout(
    () => void place({ ...newOrder(), amount: "49.90", customerId: NO_ADDRESS_CUSTOMER, address: null }),
    shop.poisonAfterMs,
  )
  started.defer(() => {
    clearInterval(timer)
    clearTimeout(poison)
  })
  return started.move()
}

/** In the first quarter of each cycle. */
function wholesalersOrder({ openedAt, wholesaleAfterMs, wholesaleCycleMs }: ShopContext): boolean {
  const since = Date.now() - openedAt - wholesaleAfterMs
  return since >= 0 && since % wholesaleCycleMs < wholesaleCycleMs / 4
}

function newWholesaleOrder(): Order {
  const customer = Math.floor(Math.random() * WHOLESALERS)
  const first = Math.floor(Math.random() * WHOLESALE_ARTICLES)
  return {
    ...newOrder(),
    ...{ customerId: `wholesale-${String(customer).padStart(2, "0")}`, amount: "1890.00", currency: "EUR" },
    items: Array.from({ length: WHOLESALE_ITEMS }, (_, index) => ({
      sku: `bulk-${(first + index) % WHOLESALE_ARTICLES}`,
      quantity: 12,
    })),
  }
}

function newOrder(): Order {
  const german = Math.random() < 1 / GERMAN
  const cents = 500 + Math.floor(Math.random() * 9500)
  const amount = (cents / 100).toFixed(2)
  return {
    orderId: newId("ord"),
    customerId: `cust-${String(Math.floor(Math.random() * 500)).padStart(4, "0")}`,
    amount: german ? amount.replace(".", ",") : amount,
    currency: german || Math.random() < 0.7 ? "EUR" : "USD",
    items: [{ sku: pickSkewed(SKUS), quantity: 1 + Math.floor(Math.random() * 3) }],
    address: newAddress(),
    placedAt: new Date().toISOString(),
  }
}

function newAddress(): Address {
  return { street: `${1 + Math.floor(Math.random() * 90)} Station Road`, city: pick(CITIES), country: "EU" }
}
