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
/**
 * HOSTILE_SECONDS=600 is what docs/security.md promises; a run of the whole suite looks for so long, with the same readers
 * and the same messages.
 */
const SECONDS = Number(process.env.HOSTILE_SECONDS ?? 45)
const MAX_RSS_MB = 600
/** It should take less than a second, and does on a quiet machine; a probe that waits for so long gives up. */
const LOST_MS = 10_000
const MB = 1 << 20
const FORMATS = ["auto", "json", "text", "avro", "protobuf", "msgpack", "cbor", "xml", "hex"]
const CODECS = ["gzip", "snappy", "lz4", "zstd"] as const
/**
 * Of answers: there is no such message, its turn among large ones did not come in time, it cannot be read, or (on a machine
 * that is busy) the database is late.
 */
const ANSWERS = [200, 404, 408, 501, 503]

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
  const seen = new Map<number | string, number>()
  const count = (what: number | string) => seen.set(what, (seen.get(what) ?? 0) + 1)
  const asks = asksOf(topics)
  const read = async (turn: number) => {
    const { address, mayEnd } = asks[turn % asks.length] ?? { address: "/healthz", mayEnd: false }
    const response = await fetch(world.inside + address, { headers: { cookie } })
    expect(ANSWERS, `${address}: ${response.status}`).toContain(response.status)
    // Nothing is kept of it: what is measured is the server.
    const whole = await response.body?.pipeTo(new WritableStream()).then(
      () => true,
      () => false,
    )
    if (whole === false) expect(mayEnd, `${address} was cut off`).toBe(true)
    count(whole === false ? "cut off" : response.status)
  }
  const readers = Array.from({ length: READERS }, async (_, i) => {
    // Every reader asks for everything; none of them begins where another does.
    for (let turn = i * 7; Date.now() < until; turn++) await read(turn)
  })
  const slowest = await watchHealth(world.inside, until)
  await Promise.all(readers)
  const rss = await peakRss(world.pids.get("web") ?? 0)
  const answers = [...seen].map(([status, times]) => `${times} × ${status}`).join(", ")
  console.log(`${SECONDS} s: ${answers}; slowest /healthz ${slowest} ms, peak RSS ${rss} MB`)
  expect(seen.get(200) ?? 0).toBeGreaterThanOrEqual(READERS)
  expect(rss).toBeLessThan(MAX_RSS_MB)
})

interface Topics {
  bombs: string
  large: string
  refused: string
}

/**
 * Hostile messages; batches of 16 and 56 MB, messages of 56 MB, and batches of very many messages and headers, all of them
 * small as they come; and batches of 80 MB, which are refused.
 */
async function fillTopics(): Promise<Topics> {
  const topics = { bombs: unique("hostile"), large: unique("large"), refused: unique("refused") }
  const config = { "max.message.bytes": `${32 * MB}` }
  await createTopic(kafkaClient(), topics.bombs, { partitions: 3 })
  await createTopic(kafkaClient(), topics.large, { partitions: 9, config })
  await createTopic(kafkaClient(), topics.refused, { partitions: 4, config })
  for (const [i, value] of [...CORPUS, ...WITH_SCHEMA].entries())
    await produce(kafkaClient(), topics.bombs, [{ partition: i % 3, key: value.subarray(0, 500), value }])
  const producer = new Producer({ clientId: "hostile", bootstrapBrokers: inject("kafkaBootstrap") })
  const batch = (count: number, size: number) =>
    Array.from({ length: count }, () => Buffer.alloc(size, `[{"a":[`))
  const send = (
    topic: string,
    partition: number,
    of: { values: Buffer[]; compression: (typeof CODECS)[number] },
  ) =>
    producer.send({
      messages: of.values.map((value) => ({ topic, partition, value })),
      compression: of.compression,
    })
  for (const [i, compression] of CODECS.entries()) {
    await send(topics.large, i, { values: batch(8, 2 * MB), compression })
    await send(topics.large, i, { values: batch(28, 2 * MB), compression })
    await send(topics.large, i + 4, { values: batch(1, 56 * MB), compression })
    await send(topics.large, i + 4, { values: batch(28, 2 * MB), compression })
    await send(topics.refused, i, { values: batch(40, 2 * MB), compression })
  }
  await send(topics.large, 8, { values: batch(100_000, 0), compression: "gzip" })
  const headers = new Map(Array.from({ length: 20_000 }, (_, i) => [Buffer.from(`h${i}`), Buffer.alloc(0)]))
  const many = { topic: topics.large, partition: 8, value: Buffer.from("x") }
  await producer.send({ messages: [{ ...many, headers }, many], compression: "gzip" })
  await producer.close()
  return topics
}

interface Ask {
  address: string
  /** Whether the answer may be cut off: a file that would lack what cannot be read. */
  mayEnd: boolean
}

/**
 * Everything that a page or a script asks for: lists in every format from both ends, messages one by one, files in both
 * forms, and values alone.
 */
function asksOf({ bombs, large, refused }: Topics): Ask[] {
  const input = (json: object) => encodeURIComponent(JSON.stringify(json))
  const both = ["newest", "oldest"] as const
  const of = (destination: string, value: string) => ({
    cluster: "shop",
    destination,
    formats: { key: "auto", value },
  })
  const lists = [bombs, large, refused].flatMap((destination) =>
    FORMATS.flatMap((format) =>
      both.map(
        (at) => `messages.browse?input=${input({ ...of(destination, format), start: { at }, limit: 200 })}`,
      ),
    ),
  )
  const single = [bombs, large].flatMap((destination) =>
    FORMATS.flatMap((format, i) =>
      [0, 1, 2, 3].map((j) => {
        const partition = destination === bombs ? (i + j) % 3 : (i + j) % 9
        return `messages.get?input=${input({ ...of(destination, format), partition, offset: String(i + j * 9) })}`
      }),
    ),
  )
  const files = [bombs, large, refused].flatMap((destination) =>
    both.flatMap((at, i) => {
      const asked = { ...of(destination, "auto"), of: { kind: "range", start: { at }, limit: 200 } }
      return {
        address: `/api/messages?ask=${input({ ...asked, format: i ? "jsonl" : "csv" })}`,
        mayEnd: true,
      }
    }),
  )
  const values = [4, 5, 6, 7].map((partition) => {
    const one = { ...of(large, "auto"), of: { kind: "one", partition, offset: "0" } }
    return { address: `/api/messages?ask=${input(one)}&value`, mayEnd: false }
  })
  const calls = [...lists, ...single].map((call) => ({ address: `/api/trpc/${call}`, mayEnd: false }))
  // Large and small ones in turn.
  return [...calls, ...files, ...values]
    .map((_, i, all) => all[(i * 37) % all.length] ?? all[0])
    .filter((one) => one !== undefined)
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
