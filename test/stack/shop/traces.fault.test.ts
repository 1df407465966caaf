import { afterAll, beforeAll, expect, test } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { startJavaServices } from "#scripts/stack/shop/java/start.ts"
import { startShop } from "#scripts/stack/shop/shop.ts"
import type { Actor } from "#server/actor.ts"
import { messageTraces, messageTracesInput, search, searchInput } from "#server/traces/index.ts"
import type { Span } from "#server/traces/otlp/span.ts"
import { readTrace } from "#server/traces/queries/read-trace.ts"
import { type ReceiverWorld, receiverWorld } from "#test/traces/world.ts"
import { until } from "#test/until.ts"

const NODE = [
  ...["storefront", "orders", "inventory", "payment", "currency"],
  ...["ledger", "shipping", "notification", "analytics"],
]
const JAVA = ["fraud", "risk"]

const held = new AsyncDisposableStack()
let world: ReceiverWorld
const actor: Actor = { kind: "token", id: "1", name: "story", role: "viewer", clusters: {} }

beforeAll(async () => {
  const postgres = held.use(await startPostgres())
  const kafka = held.use(await startKafka())
  world = held.use(await receiverWorld({ databaseUrl: await postgres.createDatabase() }))
  const { bootstrap } = kafka
  held.use(await startShop({ bootstrap, otlpUrl: world.url, wholesaleAfterMs: 0, wholesaleCycleMs: 60_000 }))
  held.use(await startJavaServices({ bootstrap, otlpUrl: world.url }))
})
afterAll(() => held.disposeAsync())

async function find(q: string, order: "newest" | "slowest" = "newest") {
  const [from, to] = [Date.now() - 3_600_000, Date.now() + 60_000]
  const { hits } = await search({ store: world.store }, searchInput.parse({ q, order, from, to, limit: 100 }))
  return hits
}

const traceOf = async (traceId: string) => (await readTrace(world.store, Buffer.from(traceId, "hex"))).spans

function textOf({ attributes, resource }: Span, key: string): string | undefined {
  const found = [...attributes.entries, ...resource.attributes.entries].find(([name]) => name === key)
  return found && String(found[1])
}

function orphansOf(spans: readonly Span[]): Span[] {
  const ids = new Set(spans.map((span) => span.spanId))
  return spans.filter((span) => span.parentId !== "" && !ids.has(span.parentId))
}

const serviceOf = (span: Span) => textOf(span, "service.name")

test("every service sends spans under its own name, version, instance and host, from both languages", async () => {
  for (const service of [...NODE, ...JAVA]) {
    const language = JAVA.includes(service) ? "java" : "nodejs"
    const q = `{ resource.service.name = "${service}" && resource.telemetry.sdk.language = "${language}" && resource.service.version != nil && resource.host.name != nil }`
    await until(`${service} has sent spans`, async () => (await find(q)).length > 0)
  }
  for (const instance of ["payment-1", "payment-2"]) {
    const q = `{ resource.service.instance.id = "${instance}" && name = "shop.Payment/Authorise" && kind = server }`
    await until(`${instance} has been called`, async () => (await find(q)).length > 0)
  }
  expect(world.counts).toMatchObject({ accepted: expect.any(Number) })
  expect(world.counts.rejected ?? 0, "spans that the receiver rejected").toBe(0)
})

test("one trace goes through HTTP, gRPC, Kafka and Java RMI, and each span has its parent", async () => {
  let spans: Span[] = []
  await until("such a trace is whole", async () => {
    for (const { traceId } of await find('{ resource.service.name = "risk" && kind = server }')) {
      spans = await traceOf(traceId)
      const services = new Set(spans.map(serviceOf))
      const path = ["storefront", "orders", "payment", "fraud", "risk", "shipping", "notification"]
      if (path.every((service) => services.has(service)) && orphansOf(spans).length === 0) return true
    }
    return false
  })
  expect(spans.filter((span) => span.parentId === "").map((span) => span.name)).toEqual(["POST /checkout"])
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const systems = new Set(
    spans.flatMap((span) => textOf(span, "rpc.system.name") ?? textOf(span, "rpc.system") ?? []),
  )
  expect([...systems].sort()).toEqual(["grpc", "java_rmi"])
  const fraud = spans.find((span) => serviceOf(span) === "fraud" && span.kind === 5)
  expect(byId.get(fraud?.parentId ?? "")).toMatchObject({ name: "send orders" })
})

test("the ledger's batches have links to all of the payments that they book", async () => {
  const q =
    '{ resource.service.name = "ledger" && kind = consumer && span.messaging.batch.message_count > 1 }'
  await until("a batch of some payments was booked", async () => (await find(q)).length > 0)
  const [hit] = await find(q)
  const batch = (await traceOf(hit?.traceId ?? "")).find((span) => span.spanId === hit?.spanId)
  expect(batch?.links).toHaveLength(Number(batch && textOf(batch, "messaging.batch.message_count")))
  const sent = await Promise.all(
    (batch?.links ?? []).map(async ({ traceId, spanId }) => {
      const spans = await traceOf(traceId)
      return spans.find((span) => span.spanId === spanId)?.name
    }),
  )
  expect(new Set(sent)).toEqual(new Set(["send payments"]))
})

test("a call over topics has its request and its reply in one trace, by one correlation id", async () => {
  const q = '{ resource.service.name = "orders" && name = "process currency.replies" }'
  await until("a reply was taken", async () => (await find(q)).length > 0)
  const [hit] = await find(q)
  const spans = await traceOf(hit?.traceId ?? "")
  const correlation = spans.find((span) => span.spanId === hit?.spanId)
  const id = correlation && textOf(correlation, "messaging.message.conversation_id")
  const steps = spans.filter((span) => textOf(span, "messaging.message.conversation_id") === id)
  const nameOf = (span: Span | undefined) => span && `${serviceOf(span)}: ${span.name}`
  const parentOf = (span: Span) => steps.find((one) => one.spanId === span.parentId)
  expect(Object.fromEntries(steps.map((span) => [nameOf(span), nameOf(parentOf(span))]))).toEqual({
    "orders: send currency.requests": undefined,
    "currency: process currency.requests": "orders: send currency.requests",
    "currency: send currency.replies": "currency: process currency.requests",
    "orders: process currency.replies": "currency: send currency.replies",
  })
})

test("an order of a wholesaler is slow in fraud by its many calls of risk, and its message leads to its trace", async () => {
  const q = '{ resource.service.name = "fraud" && kind = consumer && duration > 2s }'
  let slow: Awaited<ReturnType<typeof find>>[number] | undefined
  await until("an order was slow by forty calls", async () => {
    for (slow of await find(q)) {
      const spans = await traceOf(slow.traceId)
      const calls = spans.filter((span) => serviceOf(span) === "fraud" && span.parentId === slow?.spanId)
      if (calls.length === 40) return true
    }
    return false
  })
  expect(slow?.message).toMatchObject({ system: "kafka", destination: "orders", group: "fraud" })
  const { destination = "", partition, offset } = slow?.message ?? {}
  const at = { destination, partition: Number(partition), offset, at: Math.round(slow?.startMs ?? 0) }
  const input = messageTracesInput.parse({ cluster: "shop", messages: [at] })
  const found = async () => (await messageTraces({ store: world.store, actor, now: Date.now }, input)).flat()
  expect((await found()).map(({ traceId, by }) => ({ traceId, by }))).toEqual([
    { traceId: slow?.traceId, by: "offset" },
  ])
  const readers = async () => (await found()).flatMap((one) => one.spans.map((span) => span.service)).sort()
  await until("all who read the message are known by it", async () => {
    const known = await readers()
    return ["fraud", "inventory", "payment"].every((service) => known.includes(service))
  })
})
