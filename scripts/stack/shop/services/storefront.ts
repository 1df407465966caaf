import type { Address, Click, Order } from "../model.ts"
import { compressedPublisher } from "../publisher.ts"
import { newId, pick, pickSkewed } from "../random.ts"
import { callRpc } from "../rpc.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { newTrace } from "../traceparent.ts"
import { occurrences, wave } from "../wave.ts"

const TICK_MS = 200
const ORDERS_A_SECOND = 8
const CLICKS_A_SECOND = 45
/** One order in so many comes from the German shop, which writes decimals with a comma. */
const GERMAN = 60

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

/** The web shop: visitors click, and some of them order. It calls the order service and sends `clicks` (lz4). */
export async function startStorefront(shop: ShopContext): Promise<Service> {
  const publisher = compressedPublisher(shop, "storefront", "lz4")
  const place = (order: Order) =>
    callRpc(`${shop.urls.orders}/place`, order, newTrace()).catch((error) =>
      shop.log(`storefront: order ${order.orderId} failed: ${error}`),
    )
  const timer = setInterval(() => {
    const now = wave(Date.now(), shop.wavePeriodMs) * shop.rate
    for (let count = occurrences(ORDERS_A_SECOND * now, TICK_MS); count > 0; count--) void place(newOrder())
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
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      clearTimeout(poison)
      await publisher[Symbol.asyncDispose]()
    },
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
