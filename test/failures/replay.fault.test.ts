import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import {
  listFailures,
  listFailuresInput,
  listReplays,
  startReplay,
  startReplayInput,
} from "#server/failures/index.ts"
import { kafkaClient } from "#test/brokers/kafka-world.ts"
import { readCommitted } from "#test/brokers/read-committed.ts"
import { seededRandom } from "#test/random.ts"
import { until } from "#test/until.ts"
import { CLUSTER, deadLetter, type FailureWorld, failureWorld, shopTopics } from "./world.ts"

const TOTAL = 20_000
const KILLS = 10
/** A busy machine takes longer; what is counted stays the same. */
const PATIENCE_MS = 600_000

describe("a replay whose process is killed ten times", () => {
  it(
    "loses none of 20,000 messages and doubles none",
    async () => {
      await using postgres = await startPostgres()
      await using kafka = await startKafka()
      await using world = await failureWorld({ bootstrap: kafka.bootstrap, postgresUrl: postgres.url })
      const { orders, dead } = shopTopics()
      await world.topic(orders)
      await world.topic(dead)
      for (let at = 0; at < TOTAL; at += 2000)
        await world.send(
          Array.from({ length: 2000 }, (_, i) =>
            deadLetter({ orders, dead, amount: `${at + i},5`, partition: (at + i) % 3 }),
          ),
        )
      await world.index()
      const { rows } = await listFailures(world.ctx, listFailuresInput.parse({}))
      const group = { cluster: CLUSTER, id: rows[0]?.id ?? 0 }
      expect(rows[0]?.messages).toBe(TOTAL)
      const order = { rate: 1600, stopShare: null }
      await startReplay(world.ctx, startReplayInput.parse({ ...group, order, upTo: "999999999" }))

      const random = seededRandom("a replay is killed")
      const job = async () => (await listReplays(world.ctx, group))[0]
      let child = startWorker(world)
      let killed = 0
      try {
        while (killed < KILLS && (await job())?.state === "running") {
          const before = (await job())?.sent ?? 0
          await until("it goes on", async () => ((await job())?.sent ?? 0) > before)
          await sleep(random() * 800)
          if ((await job())?.state !== "running") break
          child.kill("SIGKILL")
          killed++
          child = startWorker(world)
        }
        await until("it is done", async () => (await job())?.state === "done", PATIENCE_MS)
      } finally {
        child.kill("SIGKILL")
      }
      expect(killed).toBe(KILLS)
      expect(await job()).toMatchObject({ sent: TOTAL, missing: 0 })

      const values = await readCommitted(kafkaClient(kafka.bootstrap), orders)
      const amounts = values.map((value) => JSON.parse(value).amount)
      expect(amounts.length).toBe(TOTAL)
      expect(new Set(amounts).size).toBe(TOTAL)
    },
    PATIENCE_MS,
  )
})

describe("indexing whose process is killed three times", () => {
  it(
    "counts every dead letter once",
    async () => {
      await using postgres = await startPostgres()
      await using kafka = await startKafka()
      await using world = await failureWorld({ bootstrap: kafka.bootstrap, postgresUrl: postgres.url })
      const { orders, dead } = shopTopics()
      await world.topic(dead)
      const letters = Array.from({ length: 6000 }, (_, i) =>
        deadLetter({ orders, dead, amount: `${i},5`, partition: i % 3 }),
      )
      const random = seededRandom("indexing is killed")
      const counted = async () =>
        (await listFailures(world.ctx, listFailuresInput.parse({}))).rows[0]?.messages ?? 0
      let child = startWorker(world)
      try {
        for (let kills = 1; kills <= 3; kills++) {
          const before = await counted()
          await world.send(letters.slice((kills - 1) * 2000, kills * 2000))
          await world.sweep()
          await until("it goes on", async () => (await counted()) > before)
          await sleep(random() * 300)
          child.kill("SIGKILL")
          child = startWorker(world)
        }
        // What comes last on its partition is counted after all that may have been counted twice.
        await until("all are counted", async () => (await counted()) >= letters.length)
        await world.send(
          [0, 1, 2].map((partition) => deadLetter({ orders, dead, amount: "9999999,5", partition })),
        )
        await world.sweep()
        await until("the last are counted", async () => (await counted()) >= letters.length + 3)
      } finally {
        child.kill("SIGKILL")
      }
      expect(await counted()).toBe(letters.length + 3)
      expect(await world.store.prisma.failureMessage.count()).toBe(letters.length + 3)
    },
    PATIENCE_MS,
  )
})

function startWorker(world: FailureWorld): ChildProcess {
  const env = { ...process.env, DATABASE_URL: world.databaseUrl, LOG_LEVEL: "error" }
  return spawn(process.execPath, [path.resolve("test/failures/worker.ts")], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  })
}
