import { readFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import { Producer } from "@platformatic/kafka"
import { expect, inject, test } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CORPUS, serveSchemas, WITH_SCHEMA } from "#test/fuzz/bombs.ts"
import { signInByHttp } from "#test/sign-in.ts"
import { startWeb } from "./web.ts"

const READERS = 8
/** HOSTILE_SECONDS=600 is what docs/security.md promises; a run of the whole suite looks for so long. */
const SECONDS = Number(process.env.HOSTILE_SECONDS ?? 30)
const MAX_RSS_MB = 600
/** It should take less than a second, and does on a quiet machine; a probe that waits for so long gives up. */
const LOST_MS = 10_000
const MB = 1 << 20
const FORMATS = ["auto", "json", "text", "avro", "protobuf", "msgpack", "cbor", "xml", "hex"]
const CODECS = ["gzip", "snappy", "lz4", "zstd"] as const

test("eight readers of hostile messages leave the web process small, and quick to say that it is well", {
  timeout: (SECONDS + 600) * 1000,
}, async () => {
  await using schemas = await serveSchemas()
  const topics = await fillTopics()
  await using database = await createDatabase(inject("postgresUrl"))
  const bootstrap = inject("kafkaBootstrap")
  await using world = await startWeb({
    databaseUrl: database.url,
    bootstrap,
    roles: ["web"],
    connection: { registryUrl: schemas.url },
  })
  const origin = new URL(world.login.url).origin
  const cookie = await signInByHttp(world.inside, world.login, origin)
  const until = Date.now() + SECONDS * 1000
  let answers = 0
  const readers = Array.from({ length: READERS }, async (_, i) => {
    for (let turn = i; Date.now() < until; turn++) {
      const response = await fetch(world.inside + addressOf(topics, turn), { headers: { cookie } })
      expect([200, 404], await response.text()).toContain(response.status)
      answers += 1
    }
  })
  const slowest = await watchHealth(world.inside, until)
  await Promise.all(readers)
  const rss = await peakRss(world.pids.get("web") ?? 0)
  console.log(`${SECONDS} s, ${answers} answers, slowest /healthz ${slowest} ms, peak RSS ${rss} MB`)
  expect(answers).toBeGreaterThanOrEqual(READERS)
  expect(rss).toBeLessThan(MAX_RSS_MB)
})

/** One topic of hostile messages, and one of batches that grow to 16 MB, which are read, and to 80 MB, which are refused. */
async function fillTopics(): Promise<string[]> {
  const [bombs, batches] = [unique("hostile"), unique("batches")]
  await createTopic(kafkaClient(), bombs, { partitions: 3 })
  await createTopic(kafkaClient(), batches, { partitions: 4, config: { "max.message.bytes": `${32 * MB}` } })
  for (const [i, value] of [...CORPUS, ...WITH_SCHEMA].entries())
    await produce(kafkaClient(), bombs, [{ partition: i % 3, key: value.subarray(0, 500), value }])
  const producer = new Producer({ clientId: "hostile", bootstrapBrokers: inject("kafkaBootstrap") })
  for (const [partition, compression] of CODECS.entries())
    for (const count of [8, 40]) {
      const values = Array.from({ length: count }, () => Buffer.alloc(2 * MB, `[{"a":[`))
      const messages = values.map((value) => ({ topic: batches, partition, value }))
      await producer.send({ messages, compression })
    }
  await producer.close()
  return [...Array<string>(READERS - 1).fill(bombs), batches]
}

/**
 * What a page or a script asks for: a list in a format, one message of it, or a file. No file of the batches: one
 * that is refused cuts it off.
 */
function addressOf(topics: readonly string[], turn: number): string {
  const destination = topics[turn % topics.length]
  const value = FORMATS[turn % FORMATS.length]
  const start = { at: turn % 2 ? "newest" : "oldest" }
  const ask = { cluster: "shop", destination, formats: { key: "auto", value } }
  const input = (json: object) => encodeURIComponent(JSON.stringify(json))
  switch (turn % 5) {
    case 0:
    case 1:
      return `/api/trpc/messages.get?input=${input({ ...ask, partition: turn % 3, offset: `${turn % 30}` })}`
    case 2:
      if (destination === topics.at(-1)) return "/api/trpc/access.me"
      return `/api/messages?ask=${input({ ...ask, format: turn % 2 ? "jsonl" : "csv", of: { kind: "range", start } })}`
    default:
      return `/api/trpc/messages.browse?input=${input({ ...ask, start, limit: 200 })}`
  }
}

/** Asks four times a second. Returns the longest answer, in ms. */
async function watchHealth(inside: string, until: number): Promise<number> {
  let slowest = 0
  while (Date.now() < until) {
    const begun = Date.now()
    const answer = await fetch(`${inside}/healthz`, { signal: AbortSignal.timeout(LOST_MS) })
    expect(answer.ok).toBe(true)
    slowest = Math.max(slowest, Date.now() - begun)
    await sleep(250)
  }
  return slowest
}

/** The most memory that a process has had, in MB. Linux tells it. */
async function peakRss(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8")
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
