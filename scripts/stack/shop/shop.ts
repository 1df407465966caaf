import { startAnalytics } from "./services/analytics.ts"
import { startAudit } from "./services/audit.ts"
import { startBilling } from "./services/billing.ts"
import { startCurrency } from "./services/currency.ts"
import { startCustomers } from "./services/customers.ts"
import { startInventory } from "./services/inventory.ts"
import { startLedger } from "./services/ledger.ts"
import { startNotification } from "./services/notification.ts"
import { startOrders } from "./services/orders.ts"
import { startPayment } from "./services/payment.ts"
import { startShipping } from "./services/shipping.ts"
import { startStorefront } from "./services/storefront.ts"
import type { ShopContext } from "./shop-context.ts"
import { startTelemetry } from "./telemetry.ts"
import { createShopTopics } from "./topics.ts"

export interface ShopOptions {
  bootstrap: string[]
  /** Multiplies all traffic; default 1, about 120 messages a second. */
  rate?: number
  /** Default 10 minutes. */
  wavePeriodMs?: number
  /** Retention of `audit.events`; default 3 minutes. Holds when the topic is created. */
  auditRetentionMs?: number
  /** How long `billing` and `audit-archiver` work; default 20 s. */
  stopAfterMs?: number
  /** Default 2 minutes: so long it falls behind, and so long it may catch up. */
  analyticsCycleMs?: number
  /** Default 15 s. */
  poisonAfterMs?: number
  /** Default 30 s. */
  wholesaleAfterMs?: number
  /** Default 8 minutes; they send orders for a quarter of it. */
  wholesaleCycleMs?: number
  /** Base address of an OTLP/HTTP receiver of spans; without it, they are sent nowhere. */
  otlpUrl?: string
  log?: (line: string) => void
}

/** Starts the demo's shop (README.md) in this process. Resolves when all services are up. */
export async function startShop(options: ShopOptions): Promise<AsyncDisposable> {
  await createShopTopics(options.bootstrap, { auditRetentionMs: options.auditRetentionMs ?? 180_000 })
  const ending = new AbortController()
  const services = new AsyncDisposableStack()
  const telemetry = services.use(startTelemetry(options.otlpUrl))
  const shop: ShopContext = {
    bootstrap: options.bootstrap,
    rate: options.rate ?? 1,
    wavePeriodMs: options.wavePeriodMs ?? 600_000,
    stopAfterMs: options.stopAfterMs ?? 20_000,
    analyticsCycleMs: options.analyticsCycleMs ?? 120_000,
    poisonAfterMs: options.poisonAfterMs ?? 15_000,
    wholesaleAfterMs: options.wholesaleAfterMs ?? 30_000,
    wholesaleCycleMs: options.wholesaleCycleMs ?? 480_000,
    openedAt: Date.now(),
    telemetry,
    addresses: { orders: [], inventory: [], payment: [] },
    signal: ending.signal,
    log: options.log ?? (() => undefined),
  }
  services.defer(() => ending.abort())
  // Those that are called first: the storefront calls the orders, and these the others.
  for (const start of [startInventory, startPayment, startCurrency, startOrders])
    services.use(await start(shop))
  const others = [
    startLedger,
    startShipping,
    startNotification,
    startAnalytics,
    startCustomers,
    startAudit,
    startBilling,
  ]
  for (const service of await Promise.all(others.map((start) => start(shop)))) services.use(service)
  services.use(await startStorefront(shop))
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      await services.disposeAsync()
    },
  }
}
