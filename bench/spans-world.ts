import { Cursor } from "#server/traces/otlp/cursor.ts"
import { Writer } from "#server/traces/otlp/writer.ts"
import { seededRandom } from "#test/random.ts"

/** What the output says of the spans. */
export const SPANS =
  "orders of a shop, 13 spans in 7 services: HTTP, gRPC, SQL, one message produced and consumed, with the attributes that " +
  "the instrumentations of Node and Java give them (6 to 12 a span); 1 order in 50 fails with an exception event"

interface Made {
  traceId: Buffer
  spanId: Buffer
  parentId: Buffer | null
  name: string
  kind: number
  startNs: bigint
  ms: number
  attributes: Record<string, string | number>
  failure?: string
}

type Random = () => number

const hex = (random: Random, bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)))
const pick = <One>(random: Random, all: readonly One[]): One => all[Math.floor(random() * all.length)] as One

/** One order, by the services that take part. */
function order(random: Random, atNs: bigint): [service: string, span: Made][] {
  const traceId = hex(random, 16)
  const id = String(Math.floor(random() * 1e9))
  const fails = random() < 0.02
  const spans: [string, Made][] = []
  const add = (service: string, parent: Made | null, span: Pick<Made, "name" | "kind" | "attributes">) => {
    const startNs = (parent?.startNs ?? atNs) + BigInt(Math.floor(random() * 3e6))
    const made: Made = {
      traceId,
      spanId: hex(random, 8),
      parentId: parent?.spanId ?? null,
      startNs,
      ms: (parent?.ms ?? 80 + random() * 200) * (0.3 + random() * 0.5),
      ...span,
    }
    spans.push([service, made])
    return made
  }
  const http = (path: string, method: string, status: number) => ({
    "http.request.method": method,
    "url.path": path,
    "http.response.status_code": status,
    "network.protocol.version": "1.1",
    "server.address": "shop.example.com",
    "server.port": 443,
    "user_agent.original": pick(random, AGENTS),
    "client.address": `10.${Math.floor(random() * 4)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`,
  })
  const grpc = (service: string, method: string, to: string) => ({
    "rpc.system": "grpc",
    "rpc.service": service,
    "rpc.method": method,
    "rpc.grpc.status_code": fails && method === "Charge" ? 4 : 0,
    "server.address": to,
    "server.port": 50051,
  })
  const sql = (table: string, text: string) => ({
    "db.system.name": "postgresql",
    "db.namespace": "shop",
    "db.operation.name": text.split(" ")[0] ?? "",
    "db.collection.name": table,
    "db.query.text": text,
    "server.address": "db.internal",
    "server.port": 5432,
  })
  const root = add("gateway", null, {
    name: "POST /api/orders",
    kind: 2,
    attributes: { ...http("/api/orders", "POST", fails ? 502 : 201), "http.route": "/api/orders" },
  })
  const call = add("gateway", root, {
    name: "shop.v1.Orders/Place",
    kind: 3,
    attributes: grpc("shop.v1.Orders", "Place", "orders"),
  })
  const place = add("orders", call, {
    name: "shop.v1.Orders/Place",
    kind: 2,
    attributes: {
      ...grpc("shop.v1.Orders", "Place", "orders"),
      "order.id": id,
      "order.lines": 1 + Math.floor(random() * 9),
    },
  })
  add("orders", place, {
    name: "SELECT shop.cart",
    kind: 3,
    attributes: sql("cart", "select sku, amount, price from cart where customer = $1 order by added_at"),
  })
  const stock = add("orders", place, {
    name: "shop.v1.Inventory/Reserve",
    kind: 3,
    attributes: grpc("shop.v1.Inventory", "Reserve", "inventory"),
  })
  const reserve = add("inventory", stock, {
    name: "shop.v1.Inventory/Reserve",
    kind: 2,
    attributes: grpc("shop.v1.Inventory", "Reserve", "inventory"),
  })
  add("inventory", reserve, {
    name: "UPDATE shop.stock",
    kind: 3,
    attributes: sql(
      "stock",
      "update stock set reserved = reserved + $2 where sku = $1 and amount - reserved >= $2",
    ),
  })
  const pay = add("orders", place, {
    name: "shop.v1.Payments/Charge",
    kind: 3,
    attributes: grpc("shop.v1.Payments", "Charge", "payments"),
  })
  const charge = add("payments", pay, {
    name: "shop.v1.Payments/Charge",
    kind: 2,
    attributes: grpc("shop.v1.Payments", "Charge", "payments"),
  })
  if (fails) charge.failure = "DEADLINE_EXCEEDED: the card network did not answer"
  const send = add("orders", place, { name: "send orders", kind: 4, attributes: kafka(random, "send", id) })
  const work = add("shipping", send, {
    name: "process orders",
    kind: 5,
    attributes: { ...kafka(random, "process", id), "messaging.consumer.group.name": "shipping" },
  })
  add("shipping", work, {
    name: "INSERT shop.parcel",
    kind: 3,
    attributes: sql(
      "parcel",
      "insert into parcel (order_id, address, weight) values ($1, $2, $3) returning id",
    ),
  })
  add("mail", work, {
    name: "send confirmation",
    kind: 1,
    attributes: { "mail.template": "order-confirmed", "order.id": id },
  })
  return spans
}

const AGENTS = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile Safari",
  "ShopApp/8.1 (Android 16)",
]

function kafka(random: Random, operation: string, id: string): Record<string, string | number> {
  return {
    "messaging.system": "kafka",
    "messaging.operation.name": operation,
    "messaging.operation.type": operation,
    "messaging.destination.name": "orders",
    "messaging.destination.partition.id": String(Math.floor(random() * 12)),
    "messaging.kafka.offset": Math.floor(random() * 1e7),
    "messaging.kafka.message.key": id,
    "messaging.client.id": "shop-1",
  }
}

function keyValue(key: string, value: string | number): Buffer {
  const inner =
    typeof value === "string" ? new Writer(64).text(1, value) : new Writer(16).int64(3, BigInt(value))
  return new Writer(96).text(1, key).bytes(2, inner.finish()).finish()
}

function encodeSpan(span: Made): Buffer {
  const endNs = span.startNs + BigInt(Math.floor(span.ms * 1e6))
  const writer = new Writer(512).bytes(1, span.traceId).bytes(2, span.spanId)
  if (span.parentId) writer.bytes(4, span.parentId)
  writer.text(5, span.name).varint(6, span.kind).fixed64(7, span.startNs).fixed64(8, endNs)
  for (const [key, value] of Object.entries(span.attributes)) writer.bytes(9, keyValue(key, value))
  if (span.failure) {
    const event = new Writer().fixed64(1, endNs).text(2, "exception")
    event
      .bytes(3, keyValue("exception.type", "StatusError"))
      .bytes(3, keyValue("exception.message", span.failure))
    writer.bytes(11, event.finish()).bytes(15, new Writer().text(2, span.failure).varint(3, 2).finish())
  }
  return writer.fixed32(16, 0x101).finish()
}

const RESOURCE = (service: string) => ({
  "service.name": service,
  "service.version": "2.4.1",
  "service.instance.id": `${service}-7c9f8d6b5-x2k4p`,
  "host.name": `${service}-7c9f8d6b5-x2k4p`,
  "telemetry.sdk.language": "nodejs",
  "telemetry.sdk.name": "opentelemetry",
  "telemetry.sdk.version": "3.1.1",
})

function encodeBatch(service: string, spans: readonly Made[]): Buffer {
  const resource = new Writer()
  for (const [key, value] of Object.entries(RESOURCE(service))) resource.bytes(1, keyValue(key, value))
  const scope = new Writer().text(1, "@opentelemetry/instrumentation-grpc").text(2, "0.300.0").finish()
  const scopeSpans = new Writer(1 << 18).bytes(1, scope)
  for (const span of spans) scopeSpans.bytes(2, encodeSpan(span))
  return new Writer(1 << 18)
    .bytes(1, new Writer(1 << 18).bytes(1, resource.finish()).bytes(2, scopeSpans.finish()).finish())
    .finish()
}

/** How orders follow each other. */
interface Pace {
  atMs: number
  everyNs: bigint
}

/** 1,000 orders a second. */
const FAST_NS = 1_000_000n

/**
 * `count` requests of `size` spans as the exporters of the services would send them: each holds the spans of one service, of
 * orders that follow each other. The same at every run.
 */
export function shopRequests(count: number, size: number, pace: number | Pace): Buffer[] {
  const { atMs, everyNs } = typeof pace === "number" ? { atMs: pace, everyNs: FAST_NS } : pace
  const random = seededRandom("shop")
  const waiting = new Map<string, Made[]>()
  const requests: Buffer[] = []
  for (let i = 0; requests.length < count; i++)
    for (const [service, span] of order(random, BigInt(atMs) * 1_000_000n + BigInt(i) * everyNs)) {
      const batch = waiting.get(service) ?? []
      waiting.set(service, batch)
      batch.push(span)
      if (batch.length === size) requests.push(encodeBatch(service, batch.splice(0)))
    }
  return requests.slice(0, count)
}

/** Makes other spans of the spans of a request, in place: ids are changed by `salt`, and times moved. */
export function renew(request: Buffer, { salt, byMs }: { salt: number; byMs: number }): void {
  const move = BigInt(byMs) * 1_000_000n
  for (const resource of inner(new Cursor(request), 1))
    for (const scope of inner(new Cursor(request, resource.from, resource.to), 2))
      for (const span of inner(new Cursor(request, scope.from, scope.to), 2))
        for (const cursor = new Cursor(request, span.from, span.to); cursor.next(); ) {
          const { at } = cursor
          cursor.skip()
          if (cursor.wire === 2 && [1, 2, 4].includes(cursor.field))
            request.writeUInt32LE((request.readUInt32LE(cursor.to - 4) ^ salt) >>> 0, cursor.to - 4)
          if (cursor.wire === 1) request.writeBigUInt64LE(request.readBigUInt64LE(at) + move, at)
        }
}

function inner(cursor: Cursor, field: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  while (cursor.next()) {
    cursor.skip()
    if (cursor.field === field) found.push({ from: cursor.from, to: cursor.to })
  }
  return found
}
