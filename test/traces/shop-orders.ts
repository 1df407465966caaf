import { randomBytes } from "node:crypto"
import { createLogger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { Receiver } from "#server/traces/index.ts"
import { encodeByLibrary } from "./otlp-schema.ts"

type Values = Record<string, string | number>

/** A span as a service of the shop sends it. */
export interface ShopSpan {
  service: string
  /** Of its resource, besides the name. */
  resource: Values
  traceId: Buffer
  spanId: Buffer
  parent: Buffer | null
  name: string
  kind: number
  /** ms since the epoch, by the clock of its host, with fractions. */
  at: number
  ms: number
  attributes: Values
  failed: { type: string; message: string } | null
  links: { traceId: Buffer; spanId: Buffer }[]
}

export interface Order {
  traceId: Buffer
  /** The span that produces the message, for who links to it. */
  send: { traceId: Buffer; spanId: Buffer }
  spans: ShopSpan[]
}

interface OrderOptions {
  /** Its number: every tenth runs into the deadline of the payment and is tried again, every fiftieth is slow. */
  i: number
  /** ms since the epoch. */
  at: number
  version?: string
  /** The topic of its message; "orders". */
  topic?: string
  /** Where the message lies; partition i mod 3, offset i. */
  place?: { partition: number; offset: number }
  /** Who consumes it; "shipping". */
  group?: string
  /** How long shipping works on it. */
  workMs?: number
}

/** The clock of inventory's host is behind by so much: its spans seem to begin before they were asked for. */
export const BEHIND_MS = 40
/** How long a message lies in the topic before shipping processes it. */
export const QUEUE_MS = 400

/**
 * An order of the shop: gateway (HTTP) → orders (gRPC) → inventory and payments (gRPC) with queries; orders produces a message,
 * which shipping processes half a second later.
 */
export function shopOrder({ i, at, version = "1.4.0", workMs = 30, ...options }: OrderOptions): Order {
  const { topic = "orders", group = "shipping", place: lies = { partition: i % 3, offset: i } } = options
  const traceId = randomBytes(16)
  const spans: ShopSpan[] = []
  const slow = i % 50 === 7
  const retried = i % 10 === 3
  const pay = slow ? 900 : retried ? 60 : 25 + (i % 7)
  const instance = i % 3 === 0 ? "b" : "a"
  const add = (
    span: Pick<ShopSpan, "service" | "name" | "kind" | "ms" | "attributes"> &
      Partial<ShopSpan> & { after: number },
  ): Buffer => {
    const { after, ...of } = span
    const spanId = randomBytes(8)
    spans.push({
      ...{ resource: resourceOf(of.service, version, instance), parent: null, failed: null, links: [] },
      ...{ traceId, spanId, at: at + after, ...of },
    })
    return spanId
  }
  const charges = retried ? 2 : 1
  const total = 60 + pay * charges
  const root = add({
    ...{ service: "gateway", name: "POST /orders", kind: 2, after: 0, ms: total + 12 },
    attributes: {
      ...{ "http.request.method": "POST", "http.route": "/orders", "url.path": "/orders" },
      ...{ "http.response.status_code": 201, "server.address": "shop.example.com", "order.id": `o-${i}` },
    },
  })
  const call = add({
    ...{ service: "gateway", name: "shop.Orders/Place", kind: 3, after: 3, ms: total + 6, parent: root },
    attributes: grpc("Orders", "Place", "orders"),
  })
  const place = add({
    ...{ service: "orders", name: "shop.Orders/Place", kind: 2, after: 5, ms: total, parent: call },
    attributes: { ...grpc("Orders", "Place", "orders"), "order.id": `o-${i}`, "order.lines": 1 + (i % 4) },
  })
  add({
    ...{ service: "orders", name: "SELECT shop.cart", kind: 3, after: 7, ms: 4, parent: place },
    attributes: sql("select sku, amount from cart where customer = $1"),
  })
  const reserve = add({
    ...{ service: "orders", name: "shop.Inventory/Reserve", kind: 3, after: 13, ms: 20, parent: place },
    attributes: grpc("Inventory", "Reserve", "inventory"),
  })
  const stock = add({
    ...{ service: "inventory", name: "shop.Inventory/Reserve", kind: 2, after: 15 - BEHIND_MS, ms: 16 },
    parent: reserve,
    attributes: grpc("Inventory", "Reserve", "inventory"),
  })
  add({
    ...{ service: "inventory", name: "UPDATE shop.stock", kind: 3, after: 18 - BEHIND_MS, ms: 9 },
    parent: stock,
    attributes: sql("update stock set reserved = reserved + $2 where sku = $1"),
  })
  for (let turn = 0; turn < charges; turn++) {
    const fails = retried && turn === 0
    const failed = fails ? { type: "StatusError", message: `card o-${i} was not charged within 50 ms` } : null
    const after = 36 + turn * pay
    const status = { "rpc.grpc.status_code": fails ? 4 : 0 }
    const charge = add({
      ...{
        service: "orders",
        name: "shop.Payments/Charge",
        kind: 3,
        after,
        ms: pay - 1,
        parent: place,
        failed,
      },
      attributes: { ...grpc("Payments", "Charge", "payments"), ...status },
    })
    const own = add({
      ...{ service: "payments", name: "shop.Payments/Charge", kind: 2, after: after + 1, ms: pay - 4 },
      ...{ parent: charge, failed },
      attributes: { ...grpc("Payments", "Charge", "payments"), ...status, "card.network": "visa" },
    })
    add({
      ...{ service: "payments", name: "POST", kind: 3, after: after + 2, ms: pay - 7, parent: own, failed },
      attributes: {
        ...{ "http.request.method": "POST", "server.address": "cards.example.net", "server.port": 443 },
        "http.response.status_code": fails ? 504 : 200,
      },
    })
  }
  const sentAfter = 44 + pay * charges
  const message = {
    "messaging.destination.partition.id": String(lies.partition),
    "messaging.kafka.offset": lies.offset,
  }
  const send = add({
    ...{ service: "orders", name: `send ${topic}`, kind: 4, after: sentAfter, ms: 6, parent: place },
    attributes: { ...kafka("send", topic), ...message },
  })
  const work = add({
    ...{
      service: "shipping",
      name: `process ${topic}`,
      kind: 5,
      after: sentAfter + 6 + QUEUE_MS,
      ms: workMs,
    },
    parent: send,
    attributes: { ...kafka("process", topic), ...message, "messaging.consumer.group.name": group },
  })
  add({
    ...{ service: "shipping", name: "INSERT shop.parcel", kind: 3, after: sentAfter + 10 + QUEUE_MS },
    ms: workMs - 19,
    parent: work,
    attributes: sql("insert into parcel (order_id, address) values ($1, $2)"),
  })
  return { traceId, send: { traceId, spanId: send }, spans }
}

/** A consumer that works in batches: a trace of its own, with a link to each message's span. */
export function shopBatch(orders: readonly Order[], at: number): Order {
  const [traceId, spanId] = [randomBytes(16), randomBytes(8)]
  const batch: ShopSpan = {
    ...{ service: "billing", resource: resourceOf("billing", "2.0.1", "a"), traceId, spanId, parent: null },
    ...{ name: "process orders", kind: 5, at, ms: 120, failed: null, links: orders.map(({ send }) => send) },
    attributes: {
      ...kafka("process", "orders"),
      "messaging.consumer.group.name": "billing",
      "messaging.batch.message_count": orders.length,
    },
  }
  return { traceId, send: { traceId, spanId }, spans: [batch] }
}

function resourceOf(service: string, version: string, instance: string): Values {
  return {
    ...{ "service.name": service, "service.version": service === "orders" ? version : "2.0.1" },
    ...{ "service.instance.id": `${service}-${instance}`, "host.name": hostOf(service, instance) },
  }
}

/** Inventory has a host of its own: see BEHIND_MS. */
function hostOf(service: string, instance: string): string {
  return service === "inventory" ? "stock-1" : `node-${instance}`
}

function grpc(service: string, method: string, host: string): Values {
  return {
    ...{ "rpc.system": "grpc", "rpc.service": `shop.${service}`, "rpc.method": method },
    ...{ "server.address": host, "server.port": 50051 },
  }
}

function sql(text: string): Values {
  return {
    ...{ "db.system.name": "postgresql", "db.namespace": "shop", "db.query.text": text },
    ...{ "server.address": "db.internal", "server.port": 5432 },
  }
}

function kafka(operation: "send" | "process", topic: string): Values {
  return {
    ...{ "messaging.system": "kafka", "messaging.destination.name": topic },
    ...{ "messaging.operation.type": operation, "messaging.client.id": "shop" },
  }
}

const SPANS_A_REQUEST = 400
const nothing = () => undefined
const COUNTS = { accepted: nothing, rejected: nothing, cut: nothing, refused: nothing }

/** Sends spans to a receiver of the database, as their services do: each its own, encoded by another library than ours. */
export async function receiveSpans(store: Store, spans: readonly ShopSpan[]): Promise<void> {
  const keep = { days: 7, bytes: 1e12 }
  const receiver = new Receiver({ store, keep, counts: COUNTS, log: createLogger("receiver") })
  const byResource = Map.groupBy(spans, (span) => JSON.stringify(span.resource))
  for (const all of byResource.values())
    for (let from = 0; from < all.length; from += SPANS_A_REQUEST)
      await receiver.receive(requestOf(all.slice(from, from + SPANS_A_REQUEST)))
}

function requestOf(spans: readonly ShopSpan[]): Buffer {
  const resource = { attributes: attributesOf(spans[0]?.resource ?? {}) }
  return encodeByLibrary({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "shop" }, spans: spans.map(encoded) }] }],
  })
}

function encoded(span: ShopSpan) {
  const { traceId, spanId, parent, name, kind, at, ms, failed } = span
  const exception = failed && {
    ...{ timeUnixNano: nanoseconds(at + ms), name: "exception" },
    attributes: attributesOf({ "exception.type": failed.type, "exception.message": failed.message }),
  }
  return {
    ...{ traceId, spanId, name, kind, links: span.links, attributes: attributesOf(span.attributes) },
    ...(parent ? { parentSpanId: parent } : {}),
    ...{ startTimeUnixNano: nanoseconds(at), endTimeUnixNano: nanoseconds(at + ms) },
    ...(failed ? { status: { code: 2, message: failed.message }, events: [exception] } : {}),
  }
}

function attributesOf(values: Values) {
  return Object.entries(values).map(([key, one]) => ({
    key,
    value: typeof one === "string" ? { stringValue: one } : { intValue: String(one) },
  }))
}

/** ms with three digits after the point as nanoseconds. */
function nanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms * 1000))}000`
}
