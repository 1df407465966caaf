import { Evaluator, type Observation } from "#server/lag/index.ts"

/**
 * What judging one sweep costs: no broker, no store, only server/lag, at the scale of `lag-sweep --large` (39,000
 * partitions, 2,200 groups that each committed on 16). A third of the groups keeps up, a third lags, a third stands still.
 */
const TOPICS = 9750
const PARTITIONS = 4
const GROUPS = 2200
const TOPICS_A_GROUP = 4
const INTERVAL_MS = 10_000
/** Sweeps until the window is full, and sweeps that are measured. */
const WARM_UP = 35
const MEASURED = 20

const evaluator = new Evaluator()
const start = 1_700_000_000_000
const took: number[] = []
for (let i = 0; i < WARM_UP + MEASURED; i++) {
  const observation = observed(i)
  const began = process.cpuUsage()
  const evaluations = evaluator.observe(observation)
  const used = process.cpuUsage(began)
  if (evaluations.length !== GROUPS) throw new Error(`${evaluations.length} groups were judged`)
  if (i >= WARM_UP) took.push((used.user + used.system) / 1000)
}
took.sort((a, b) => a - b)
const figures = {
  bench: "judge",
  partitions: TOPICS * PARTITIONS,
  groups: GROUPS,
  cpuMs: { median: round(took[took.length >> 1] ?? 0), worst: round(took.at(-1) ?? 0) },
  heapMb: round(process.memoryUsage().heapUsed / 1e6),
}
console.table({ "judging a sweep": { ...figures, cpuMs: figures.cpuMs.median } })
console.log(JSON.stringify(figures))

/** Every third topic stands still; the others grow by an uneven number of messages. */
function endOf(topic: number, partition: number, i: number): number {
  if (topic % 3 === 2) return 1000
  const uneven = (i * 7919 + topic * 31 + partition) % 13
  return 1000 + i * 100 + uneven
}

function observed(i: number): Observation {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  return {
    at: start + i * INTERVAL_MS,
    destinations: Array.from({ length: TOPICS }, (_, topic) => ({
      id: topic,
      name: `topic-${topic}`,
      starts: partitions.map(() => 0),
      ends: partitions.map((partition) => endOf(topic, partition, i)),
      retention: { ms: 604_800_000, bytes: null, deletes: true, compacts: false },
    })),
    groups: Array.from({ length: GROUPS }, (_, group) => ({
      id: group,
      name: `group-${group}`,
      members: 3,
      known: true,
      commits: Array.from({ length: TOPICS_A_GROUP }, (_, one) => {
        const topic = (group * TOPICS_A_GROUP + one) % TOPICS
        return { destinationId: topic, offsets: partitions.map((p) => committedOf({ group, topic, p }, i)) }
      }),
    })),
  }
}

function committedOf(of: { group: number; topic: number; p: number }, i: number): number {
  const read = [i, Math.max(0, i - 20), 3][of.group % 3] ?? 0
  return Math.min(endOf(of.topic, of.p, Math.min(read, i)), endOf(of.topic, of.p, i))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
