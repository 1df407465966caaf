import type { StoredSweep } from "#server/store/index.ts"

export const TOPICS = 1000
export const PARTITIONS = 10
export const GROUPS = 500
/** Each group reads two topics, so 20 partitions. */
const TOPICS_OF_A_GROUP = 2

/** What moves, of which the output speaks. */
export const TRAFFIC =
  "30 % of the topics are busy (each partition moves in 6 of 10 sweeps), 30 % get messages on two partitions about " +
  "once a minute, 40 % are silent; 1 group in 20 has stopped, the others follow"

interface Topic {
  starts: bigint[]
  ends: bigint[]
  committed: bigint[]
}

/** A cluster whose offsets move as those of a real one do; the same at every run. */
export function world(clusterId: number): { next(at: number): StoredSweep } {
  const random = seeded(7)
  const topics: Topic[] = Array.from({ length: TOPICS }, () => {
    const starts = Array.from({ length: PARTITIONS }, () => BigInt(Math.floor(random() * 1e9)))
    const ends = starts.map((start) => start + BigInt(Math.floor(random() * 1e7)))
    return { starts, ends, committed: ends.map((end) => end - BigInt(Math.floor(random() * 1000))) }
  })
  let sweeps = 0
  return {
    next(at) {
      for (const [i, topic] of topics.entries()) move(topic, i, { sweeps, random })
      sweeps++
      return {
        clusterId,
        at,
        ms: 100,
        logs: topics.map((topic, i) => ({
          destinationId: i + 1,
          starts: [...topic.starts],
          ends: [...topic.ends],
        })),
        commits: topics.map((topic, i) => ({
          groupId: Math.floor(i / TOPICS_OF_A_GROUP) + 1,
          destinationId: i + 1,
          offsets: [...topic.committed],
          unknown: [],
        })),
      }
    },
  }
}

function move(topic: Topic, i: number, when: { sweeps: number; random: () => number }): void {
  const { random } = when
  const kind = i % 10 < 3 ? "busy" : i % 10 < 6 ? "now and then" : "silent"
  if (kind === "silent" || (kind === "now and then" && random() > 1 / 6)) return
  const stopped = Math.floor(i / TOPICS_OF_A_GROUP) % 20 === 0
  for (let p = 0; p < PARTITIONS; p++) {
    if (random() > (kind === "busy" ? 0.6 : 0.2)) continue
    const end = (topic.ends[p] ?? 0n) + BigInt(1 + Math.floor(random() * 200))
    topic.ends[p] = end
    if (!stopped) topic.committed[p] = end - BigInt(Math.floor(random() * 50))
  }
  // Retention deletes a segment of a busy topic about every half hour.
  if (kind === "busy" && (when.sweeps + i) % 180 === 0)
    topic.starts = topic.starts.map((start, p) => start + ((topic.ends[p] ?? start) - start) / 100n)
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
