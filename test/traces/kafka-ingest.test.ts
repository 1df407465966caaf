import { randomBytes } from "node:crypto"
import path from "node:path"
import { CompressionTypes } from "kafkajs"
import { expect, inject, it } from "vitest"
import { freePort } from "#scripts/stack/ports.ts"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { type Server, startServer } from "#scripts/stack/process.ts"
import { migrate, openStore } from "#server/store/index.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"
import { nanoseconds, requestOf } from "./requests.ts"
import { spansByTrace } from "./stored.ts"

const RECORDS = 600
const SPANS = 10
const KILLS = 3

it("stores spans from a topic once, in protobuf and JSON, however often receivers are killed", async () => {
  const kafka = kafkaClient()
  const topic = unique("otlp_spans")
  await createTopic(kafka, topic, { partitions: 6 })
  await using database = await createDatabase(inject("postgresUrl"))
  await migrate(database.url)
  await using store = openStore(database.url, { max: 2 })
  const group = unique("signalbox-receiver")
  const start = () => startReceiver({ databaseUrl: database.url, topic, group })
  const receivers = [await start(), await start()]
  await using producer = await connected(kafka.producer())
  const sent: string[] = []
  const stored = async () => {
    const { rows } = await store.pool.query<{ spans: string | null }>(
      "select sum(spans) as spans from traces.chunk",
    )
    return Number(rows[0]?.spans ?? 0)
  }
  for (let round = 0; round < KILLS; round++) {
    const before = await stored()
    const records = Array.from({ length: RECORDS / KILLS }, (_, i) => recordOf(i % 3 === 0))
    sent.push(...records.map(({ traceId }) => traceId))
    // What is no OTLP must not stop what comes after it.
    const values = [...records.map(({ value }) => value), Buffer.from("{nonsense"), Buffer.from([1, 2, 3])]
    await producer.send({
      topic,
      compression: CompressionTypes.GZIP,
      messages: values.map((value, i) => ({ value, partition: i % 6 })),
    })
    await until("some are stored", async () => (await stored()) > before)
    await receivers[round % 2]?.kill("SIGKILL")
    receivers[round % 2] = await start()
  }
  await until("all are stored", async () => (await stored()) >= RECORDS * SPANS)
  const found = await spansByTrace(store)
  expect([...found.keys()].sort()).toEqual(sent.sort())
  expect(new Set(found.values())).toEqual(new Set([SPANS]))
  // Everything was committed: a new receiver has nothing to read.
  const admin = await connected(kafka.admin())
  const committed = async () => {
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    return offsets?.partitions.reduce((sum, one) => sum + Math.max(0, Number(one.offset)), 0) ?? 0
  }
  await until("all offsets are committed", async () => (await committed()) === RECORDS + 2 * KILLS)
  await admin.disconnect()
  for (const receiver of receivers) await receiver.stop()
})

/** A trace of its own, as the Collector's exporter writes it. */
function recordOf(isJson: boolean): { traceId: string; value: Buffer } {
  const traceId = randomBytes(16)
  const id = traceId.toString("hex")
  const now = nanoseconds(Date.now())
  if (!isJson)
    return {
      traceId: id,
      value: requestOf(
        traceId,
        Array.from({ length: SPANS }, () => ({})),
      ),
    }
  const times = { startTimeUnixNano: now, endTimeUnixNano: now }
  const spans = Array.from({ length: SPANS }, () => ({
    ...{ traceId: id, spanId: randomBytes(8).toString("hex"), name: "json", ...times },
  }))
  return { traceId: id, value: Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })) }
}

async function connected<Client extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
  client: Client,
): Promise<Client & AsyncDisposable> {
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.disconnect() })
}

async function startReceiver(of: { databaseUrl: string; topic: string; group: string }): Promise<Server> {
  const metricsPort = await freePort()
  return startServer({
    name: "receiver",
    command: process.execPath,
    args: [path.resolve("server/roles/receiver.ts")],
    env: {
      DATABASE_URL: of.databaseUrl,
      SIGNALBOX_OTLP_HTTP_PORT: "0",
      SIGNALBOX_OTLP_GRPC_PORT: "0",
      SIGNALBOX_ZIPKIN_PORT: "0",
      SIGNALBOX_RECEIVER_METRICS_PORT: String(metricsPort),
      SIGNALBOX_SPANS_KAFKA_BROKERS: inject("kafkaBootstrap").join(","),
      SIGNALBOX_SPANS_KAFKA_TOPIC: of.topic,
      SIGNALBOX_SPANS_KAFKA_GROUP: of.group,
    },
    ready: async () =>
      (await fetch(`http://127.0.0.1:${metricsPort}/healthz`).catch(() => null))?.ok === true,
  })
}
