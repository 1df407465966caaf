import type { RateReply, RateRequest } from "../model.ts"
import { replier } from "../request-reply.ts"
import type { Service, ShopContext } from "../shop-context.ts"

const EUROS_A_DOLLAR = 0.86

/** Says what a dollar is worth, to whom asks over the topic `currency.requests`. Keeps up. */
export async function startCurrency(shop: ShopContext): Promise<Service> {
  const service = "currency"
  const tracer = shop.telemetry.tracer({ service, version: "1.1.0" })
  return replier<RateRequest, RateReply>(shop, { service, tracer, requests: "currency.requests" }, (of) => ({
    ...of,
    rate: of.from === of.to ? 1 : of.from === "USD" ? EUROS_A_DOLLAR : 1 / EUROS_A_DOLLAR,
  }))
}
