import { readFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, inject, test } from "vitest"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CBOR_SEEDS, JSON_SEEDS, MSGPACK_SEEDS, TEXT_SEEDS, XML_SEEDS } from "#test/fuzz/seeds.ts"
import { signInByHttp } from "#test/sign-in.ts"
import { createDatabase } from "#test/stack/postgres.ts"
import { startWeb } from "./web.ts"

const READERS = 8
/** Ten minutes is what was promised; a run of the whole suite looks for so long. */
const SECONDS = Number(process.env.HOSTILE_SECONDS ?? 20)
const MAX_RSS_MB = 600
/** It should take less than a second, and does on a quiet machine; a probe that waits for so long gives up. */
const LOST_MS = 10_000
const FORMATS = ["auto", "json", "text", "msgpack", "cbor", "xml", "hex"]

/** Messages that took other tools down, at their full size. */
const BOMBS = [
  Buffer.from("dd000f4240".repeat(4000), "hex"),
  Buffer.from("9affffffff".repeat(4000), "hex"),
  Buffer.from("91".repeat(20_000), "hex"),
  Buffer.from(`${"[".repeat(3000)}${"]".repeat(3000)}`),
  Buffer.from(`${"[".repeat(190)}${Array(28_000).fill(0).join(",")}${"]".repeat(190)}`),
  Buffer.from(`${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}`),
  Buffer.alloc(900_000, "x"),
]
const CORPUS = [...BOMBS, ...JSON_SEEDS, ...MSGPACK_SEEDS, ...CBOR_SEEDS, ...XML_SEEDS, ...TEXT_SEEDS]

test("eight readers of hostile messages leave the web process small, and quick to say that it is well", async () => {
  const topic = unique("hostile")
  await createTopic(kafkaClient(), topic, { partitions: 3 })
  for (const [i, value] of CORPUS.entries())
    await produce(kafkaClient(), topic, [{ partition: i % 3, key: value.subarray(0, 500), value }])
  await using database = await createDatabase(inject("postgresUrl"))
  const bootstrap = inject("kafkaBootstrap")
  await using world = await startWeb({ databaseUrl: database.url, bootstrap, roles: ["web"] })
  const cookie = await signInByHttp(world.inside, world.login, new URL(world.login.url).origin)
  const until = Date.now() + SECONDS * 1000
  let pages = 0
  const readers = Array.from({ length: READERS }, async (_, i) => {
    for (let turn = i; Date.now() < until; turn++) {
      const value = FORMATS[turn % FORMATS.length]
      const json = {
        cluster: "shop",
        destination: topic,
        start: { at: "oldest" },
        limit: 200,
        formats: { value },
      }
      const input = encodeURIComponent(JSON.stringify(json))
      const response = await fetch(`${world.inside}/api/trpc/messages.browse?input=${input}`, {
        headers: { cookie },
      })
      expect(response.status, await response.text()).toBe(200)
      pages += 1
    }
  })
  const slowest = await watchHealth(world.inside, until)
  await Promise.all(readers)
  const rss = await peakRss(world.pids.get("web") ?? 0)
  console.log(`${pages} pages, slowest /healthz ${slowest} ms, peak RSS ${rss} MB`)
  expect(pages).toBeGreaterThan(READERS)
  expect(rss).toBeLessThan(MAX_RSS_MB)
})

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
