import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, expect, it } from "vitest"
import { createLogger } from "#server/log.ts"
import { Receiver } from "#server/traces/index.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"
import { requestOf } from "./requests.ts"

let world: Awaited<ReturnType<typeof webWorld>>
let viewer: ReturnType<typeof createCaller>
beforeAll(async () => {
  world = await webWorld()
  const { prisma } = world.web.store
  for (const slug of ["shop", "bank"]) {
    const data = { slug, name: slug, system: "kafka", connection: "", source: "page" }
    const { id: clusterId } = await prisma.cluster.create({ data, select: { id: true } })
    for (const name of slug === "shop" ? ["orders", "mail"] : ["orders"])
      await prisma.destination.create({ data: { clusterId, name, partitions: 3 } })
  }
  viewer = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
})
afterAll(() => world[Symbol.asyncDispose]())

const nothing = () => undefined
const COUNTS = { accepted: nothing, rejected: nothing, cut: nothing, refused: nothing }
const texts = (all: Record<string, string>) =>
  Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } }))

it("leads from a message to its traces, by offset and by header, and from a span to where its message is", async () => {
  const { store } = world.web
  const keep = { days: 7, bytes: 1e12 }
  const receiver = new Receiver({ store, keep, counts: COUNTS, log: createLogger("receiver") })
  const [one, other, elsewhere] = [randomBytes(16), randomBytes(16), randomBytes(16)]
  const place = { "messaging.system": "kafka", "messaging.kafka.offset": "42" }
  const sent = texts({
    ...{ ...place, "messaging.destination.name": "orders", "messaging.destination.partition.id": "1" },
    "messaging.operation.type": "send",
  })
  // The oldest names, of another service; and a batch consumer's trace of its own.
  const received = texts({
    ...{ "messaging.system": "kafka", "messaging.destination": "orders", "messaging.kafka.partition": "1" },
    "messaging.kafka.message.offset": "42",
  })
  await receiver.receive(requestOf(one, [{ kind: 4, name: "send orders", attributes: sent }], "orders"))
  await receiver.receive(
    requestOf(other, [{ kind: 5, name: "process orders", attributes: received }], "mail"),
  )
  const noise = texts({
    ...place,
    "messaging.destination.name": "orders",
    "messaging.destination.partition.id": "2",
  })
  await receiver.receive(requestOf(randomBytes(16), [{ kind: 5, attributes: noise }], "mail"))
  await receiver.receive(requestOf(elsewhere, [{ name: "GET /" }], "gateway"))
  const at = { destination: "orders", partition: 1, offset: "42", at: Date.now() }
  const parent = (id: Buffer) => `00-${id.toString("hex")}-00f067aa0ba902b7-03`
  const [found, stored, unknown, none] = await viewer.traces.ofMessages({
    cluster: "shop",
    messages: [
      { ...at, traceparent: parent(one) },
      { ...at, offset: "43", traceparent: parent(elsewhere) },
      { ...at, offset: "44", traceparent: parent(randomBytes(16)) },
      { ...at, offset: "45", at: null, traceparent: "nonsense" },
    ],
  })
  expect(
    found?.map(({ traceId, by, spans }) => [traceId, by, spans.map((span) => span.name)]).sort(),
  ).toEqual(
    [
      [one.toString("hex"), "offset", ["send orders"]],
      [other.toString("hex"), "offset", ["process orders"]],
    ].sort(),
  )
  expect(stored).toEqual([{ traceId: elsewhere.toString("hex"), by: "header", spans: [], isStored: true }])
  expect(unknown).toMatchObject([{ by: "header", isStored: false }])
  expect(none).toEqual([])
  expect(await viewer.traces.messagePlaces({ destinations: ["orders", "mail", "none"] })).toEqual([
    { destination: "mail", cluster: "shop" },
    { destination: "orders", cluster: "bank" },
    { destination: "orders", cluster: "shop" },
  ])
})

it("is for those who may see traces, and messages of the cluster", async () => {
  const { store } = world.web
  const { id, cookie } = await signedIn(world.web, null)
  const cluster = await store.prisma.cluster.findUniqueOrThrow({
    where: { slug: "shop" },
    select: { id: true },
  })
  await store.prisma.userGrant.create({ data: { userId: id, clusterId: cluster.id, role: "viewer" } })
  const ofShop = createCaller(await contextFrom(cookie))
  const messages = [{ destination: "orders", partition: 1, offset: "42", at: null, traceparent: null }]
  await expect(ofShop.traces.ofMessages({ cluster: "shop", messages })).rejects.toThrow("role viewer")
  await expect(ofShop.traces.search({ from: 0, to: 1 })).rejects.toThrow("role viewer")
})
