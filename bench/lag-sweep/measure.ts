import { readFile } from "node:fs/promises"
import { Kafka, logLevel } from "kafkajs"
import type { Broker } from "#server/brokers/broker.ts"
import { topicName } from "./world.ts"

export interface Measured {
  requests: number
  bytesIn: number
  seconds: number
  /** CPU seconds of all brokers together. */
  brokerCpu: number
}

const TICKS_A_SECOND = 100

/** CPU seconds that processes have used, from /proc. */
async function cpuSeconds(pids: number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8")))
  return stats.reduce((sum, stat) => {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  }, 0)
}

/** The median of several sweeps as the collector makes them. */
export async function measureOurs(
  broker: Broker,
  pids: number[],
  times: number,
): Promise<Measured & { problems: number }> {
  await broker.sample({}, AbortSignal.timeout(120_000))
  const runs: (Measured & { problems: number })[] = []
  for (let i = 0; i < times; i++) {
    const before = await cpuSeconds(pids)
    const began = performance.now()
    const sampled = await broker.sample({}, AbortSignal.timeout(120_000))
    const seconds = (performance.now() - began) / 1000
    const { requests, bytesIn } = sampled.cost
    runs.push({
      requests,
      bytesIn,
      seconds,
      brokerCpu: (await cpuSeconds(pids)) - before,
      problems: sampled.problems.length,
    })
  }
  runs.sort((a, b) => a.seconds - b.seconds)
  const middle = runs[Math.floor(runs.length / 2)]
  if (!middle) throw new Error("nothing was measured")
  return middle
}

/** The same positions through kafkajs' admin API: group by group, topic by topic. */
export async function measureKafkajs(bootstrap: string[], pids: number[], topics: number): Promise<Measured> {
  const admin = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING, requestTimeout: 60_000 }).admin()
  const counted = { requests: 0, bytesIn: 0 }
  admin.on(admin.events.REQUEST, ({ payload }) => {
    counted.requests += 1
    counted.bytesIn += payload.size
  })
  await admin.connect()
  const before = await cpuSeconds(pids)
  const began = performance.now()
  const { groups } = await admin.listGroups()
  for (const { groupId } of groups) await admin.fetchOffsets({ groupId })
  for (let i = 0; i < topics; i++) await admin.fetchTopicOffsets(topicName(i))
  const seconds = (performance.now() - began) / 1000
  const brokerCpu = (await cpuSeconds(pids)) - before
  await admin.disconnect()
  return { ...counted, seconds, brokerCpu }
}
