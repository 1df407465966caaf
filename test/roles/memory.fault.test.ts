import { spawn } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { connectKafka, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"

const TOPICS = 60
const PARTITIONS = 10
const GROUPS = 30
const SWEEPS = 240
/** Until the window of minutes, and the thinned history of ends, are as full as they get. */
const WARM_UP_SWEEPS = 60
/** A sweep that is kept takes tens of kB; the history of ends fills up by less than two a sweep. */
const MAX_BYTES_A_SWEEP = 8000

interface Told {
  sweeps: number
  heap: number
}

async function heapsOf(env: Record<string, string>): Promise<Told[]> {
  const script = path.join(import.meta.dirname, "many-sweeps.ts")
  const child = spawn(process.execPath, ["--expose-gc", script], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = once(child, "exit")
  const told: Told[] = []
  for await (const line of createInterface(child.stdout)) told.push(JSON.parse(line) as Told)
  expect((await ended)[0]).toBe(0)
  return told
}

/** Topics that are written to unevenly, and groups that stand where they stand. */
async function trafficOn(bootstrap: string[]): Promise<AsyncDisposable> {
  const kafka = kafkaClient(bootstrap)
  const topics = Array.from({ length: TOPICS }, () => unique("busy"))
  const admin = kafka.admin()
  await admin.connect()
  const wanted = topics.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: 1 }))
  await admin.createTopics({ topics: wanted, waitForLeaders: false })
  await admin.disconnect()
  await using broker = connectKafka(bootstrap)
  const commitOn = async (destination: string) => {
    const positions = [0, 1, 2].map((partition) => ({ destination, partition, offset: 0n }))
    const group = { name: unique("group"), type: "classic" as const }
    await broker.offsets?.commit(group, positions, AbortSignal.timeout(60_000))
    return true
  }
  // A young broker tells of partitions and coordinators before it serves them.
  for (const topic of topics.slice(0, GROUPS)) await until("a group has committed", () => commitOn(topic))
  const producer = kafka.producer()
  await producer.connect()
  let going = true
  const write = async () => {
    for (let i = 0; going; i++) {
      const messages = Array.from({ length: 1 + (i % 17) }, (_, n) => ({ partition: n % 3, value: `${i}` }))
      await producer.send({ topic: topics[i % TOPICS] ?? "", messages })
      await sleep(20)
    }
  }
  const ended = write()
  ended.catch(() => undefined)
  return {
    [Symbol.asyncDispose]: async () => {
      going = false
      await ended
      await producer.disconnect()
    },
  }
}

function middleOf(told: Told[]): Told {
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  return { sweeps: median(told.map((one) => one.sweeps)), heap: median(told.map((one) => one.heap)) }
}

describe("a collector that samples for a long time", () => {
  it("keeps no more in memory after hundreds of sweeps than when its window was full", async () => {
    await using postgres = await startPostgres()
    await using kafka = await startKafka()
    await using _traffic = await trafficOn(kafka.bootstrap)
    const database = await postgres.createDatabase()
    const env = { DATABASE_URL: database, BOOTSTRAP: kafka.bootstrap.join(","), SWEEPS: String(SWEEPS) }
    const told = await heapsOf(env)
    const full = told.filter((one) => one.sweeps > WARM_UP_SWEEPS)
    expect(told.at(-1)?.sweeps).toBe(SWEEPS)
    const third = Math.floor(full.length / 3)
    const [first, last] = [middleOf(full.slice(0, third)), middleOf(full.slice(-third))]
    expect((last.heap - first.heap) / (last.sweeps - first.sweeps)).toBeLessThan(MAX_BYTES_A_SWEEP)
  })
})
