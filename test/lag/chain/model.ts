import { type Committed, type Frame, type FrameTopic, logKey, type Truth } from "./frames.ts"
import { groupLife } from "./inventory.ts"

/** One partition of one group at one moment, by the definitions of docs/concepts.md. null: unknown. */
export interface Lane {
  topic: string
  uid: string
  partition: number
  start: number | null
  end: number | null
  committed: Committed
}

/** A sum over lanes: what is known of it, and of how many lanes it lacks the share. */
export interface Total {
  known: number
  unknown: number
  /** Lanes whose share is known. */
  lanes: number
}

/** end − max(committed, start); unknown when one of them is, or when committed lies beyond the end; undefined without one. */
export function lagOf(lane: Lane): number | null | undefined {
  if (lane.committed === "none") return undefined
  if (lane.committed === "unknown" || lane.start === null || lane.end === null) return null
  if (lane.committed > lane.end) return null
  return Math.max(0, lane.end - Math.max(lane.committed, lane.start))
}

/** max(0, start − committed); undefined without a commit. */
export function lostOf(lane: Lane): number | null | undefined {
  if (lane.committed === "none") return undefined
  if (lane.committed === "unknown" || lane.start === null) return null
  return Math.max(0, lane.start - lane.committed)
}

export function totalOf(lanes: Lane[], of: (lane: Lane) => number | null | undefined): Total {
  const total: Total = { known: 0, unknown: 0, lanes: 0 }
  for (const lane of lanes) {
    const share = of(lane)
    if (share === undefined) continue
    if (share === null) total.unknown += 1
    else {
      total.known += share
      total.lanes += 1
    }
  }
  return total
}

/** The topic as the sweep of a frame found it; what it could not read of a topic that still exists is unknown. */
export function topicAt(truth: Truth, index: number, name: string): FrameTopic | null {
  const frame = truth.frames[index]
  const found = frame?.topics.get(name)
  if (found || !frame?.unreadable.has(name)) return found ?? null
  for (let i = index - 1; i >= 0; i--) {
    const earlier = truth.frames[i]
    const last = earlier?.topics.get(name)
    if (last) return { ...last, starts: last.starts.map(() => null), ends: last.ends.map(() => null) }
    if (!earlier?.unreadable.has(name)) return null
  }
  return null
}

/** The partitions of a topic, as no group's. */
export function logLanes(truth: Truth, index: number, topic: string): Lane[] {
  const log = topicAt(truth, index, topic)
  if (!log) return []
  return log.ends.map((end, partition): Lane => {
    const start = log.starts[partition] ?? null
    return { topic, uid: log.uid, partition, start, end, committed: "none" }
  })
}

/**
 * Where a group stands on every partition of what it reads; null: there is no such group yet. A group that a sweep does
 * not list, or whose coordinator does not answer, stands on what it stood on before, who knows where.
 */
export function lanesAt(truth: Truth, index: number, name: string): Lane[] | null {
  const group = truth.frames[index]?.groups.get(name)
  const commits = group?.known ? group.commits : unknownCommits(truth, index, name)
  if (!commits) return group ? [] : null
  return [...commits].flatMap(([topic, offsets]) => {
    const lanes = logLanes(truth, index, topic)
    // Of a topic that has grown since it could be read a commit shows that its partitions exist.
    const [first] = lanes
    const more = first ? offsets.slice(lanes.length).map(() => ({ ...first, start: null, end: null })) : []
    return [...lanes, ...more].map((lane, partition): Lane => {
      return { ...lane, partition, committed: offsets[partition] ?? "none" }
    })
  })
}

/** One text for a lane. */
export function groupLane(lane: Lane): string {
  return `${lane.topic} ${lane.uid}/${lane.partition}`
}

/**
 * The commits of a group that could not be read: where it had committed before in this life of it, it has committed, who
 * knows where. One that counted as deleted, and is back, may have committed anywhere.
 */
function unknownCommits(truth: Truth, index: number, name: string): Map<string, Committed[]> | null {
  const life = groupLife({ ...truth, frames: truth.frames.slice(0, index + 1) }, name)
  for (let i = index - 1; i >= 0; i--) {
    const frame = truth.frames[i]
    if (!frame || !life?.at.has(frame.at)) return null
    const group = frame.groups.get(name)
    if (!group?.known) continue
    const unknown = (one: Committed) => (one === "none" ? one : "unknown")
    const still = [...group.commits].filter(([topic]) => isThere(truth, topic, { from: i, to: index }))
    return new Map(still.map(([topic, offsets]) => [topic, offsets.map(unknown)]))
  }
  return null
}

/** Whether sweep after sweep, up to but not with the last, found a topic of that name. A commit does not outlive it. */
function isThere(truth: Truth, topic: string, span: { from: number; to: number }): boolean {
  for (let i = span.from; i < span.to; i++) if (!topicAt(truth, i, topic)) return false
  return true
}

const sorted = new WeakMap<Truth, Frame[]>()

/** Frames in the order of their moments. */
export function inTime(truth: Truth): Frame[] {
  const known = sorted.get(truth)
  if (known?.length === truth.frames.length) return known
  const frames = truth.frames.toSorted((a, b) => a.at - b.at)
  sorted.set(truth, frames)
  return frames
}

/**
 * Between which moments the record at an offset was appended, as far as the samples up to a moment tell. Where the log was
 * cut off, the record may have been written anew, as late as the sweep after that: samples show it only where the end went
 * back, the record itself always.
 */
export function appended(
  frames: Frame[],
  lane: Pick<Lane, "topic" | "uid" | "partition">,
  when: { offset: number; until: number },
): { after: number; before: number } | null {
  let after = Number.NEGATIVE_INFINITY
  let before: number | null = null
  let last = 0
  for (const frame of frames) {
    if (frame.at > when.until) break
    const log = frame.topics.get(lane.topic)
    const end = log?.uid === lane.uid ? log.ends[lane.partition] : undefined
    if (typeof end !== "number") continue
    if (end <= when.offset) {
      after = frame.at
      before = null
    } else {
      const isCut = end < last || (frame.cuts.get(logKey(lane)) ?? end) <= when.offset
      before = isCut ? frame.at : (before ?? frame.at)
    }
    last = end
  }
  return before === null ? null : { after, before }
}

/** What is older than this is kept as the last sample of each minute, ms: two days, by the configuration. */
const RAW_KEPT_MS = 2 * 86_400_000

/** Frames as they may be kept at a moment. */
function keptAt(frames: Frame[], now: number): Frame[] {
  const minute = (frame: Frame | undefined) => Math.floor((frame?.at ?? 0) / 60_000)
  return frames.filter((frame, i) => frame.at >= now - RAW_KEPT_MS || minute(frame) !== minute(frames[i + 1]))
}

/** The age of the oldest unread message over lanes: at least, and at most. Only lanes whose lag is known. */
export function timeLagOf(truth: Truth, lanes: Lane[], at: number): { least: number; most: number } {
  const span = { least: 0, most: 0 }
  for (const lane of lanes) {
    const lag = lagOf(lane)
    if (typeof lag !== "number" || lag === 0) continue
    const offset = Math.max(Number(lane.committed), lane.start ?? 0)
    const frames = inTime(truth)
    const [exact, kept] = [frames, keptAt(frames, Date.now())].map((some) =>
      appended(some, lane, { offset, until: at }),
    )
    if (!exact) continue
    const [before, after] = [
      Math.max(exact.before, kept?.before ?? 0),
      Math.min(exact.after, kept?.after ?? exact.after),
    ]
    span.least = Math.max(span.least, at - before - truth.setBackMs)
    span.most = Math.max(span.most, at - after + truth.setBackMs)
  }
  return span
}
