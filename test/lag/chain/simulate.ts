import type { Sampled, SampledDestination, SampledGroup } from "#server/brokers/broker.ts"
import type { Cell, Event, GroupScript, Script, TopicScript } from "./script.ts"

/** What a broker would answer at one moment; null: it could not be asked. */
export interface Tick {
  step: number
  at: number
  sampled: Sampled | null
  /** When the record at an offset was appended; null: there is none. */
  appendedAt: (topic: string, partition: number, offset: number) => number | null
  members: Map<string, number>
  /** Offsets that Signalbox itself committed since the step before. */
  writes: OwnWrite[]
  /** Logs that were cut off since the step before, which no sample shows once they have grown again. */
  cuts: Cut[]
}

/** What lay at an offset and after it is gone; the offsets are used again. */
export interface Cut {
  topic: string
  partition: number
  to: number
}

export interface OwnWrite {
  group: string
  topic: string
  partition: number
  from: number
  to: number
}

interface Partition {
  start: number
  end: number
  /** What was appended when, oldest first: offsets from `begin` up to `end`, exclusive. */
  grew: { from: number; to: number; begin: number; end: number }[]
}

interface Topic {
  name: string
  script: TopicScript
  uid: string
  partitions: Partition[]
}

interface Group {
  name: string
  script: GroupScript
  /** By topic name and partition; absent: no commit. */
  commits: Map<string, Map<number, number>>
}

/** Plays a script and tells what the broker would have answered at each step. Pure. */
export function simulate(script: Script, from: number): Tick[] {
  const cells = script.cells.map((cell, index) => new CellPlay(cell, `c${index}`))
  let at = Math.floor(from / script.intervalMs) * script.intervalMs + script.offsetMs
  let before = at - script.intervalMs
  return Array.from({ length: script.steps }, (_, step) => {
    const parts = cells.map((cell) => cell.play(step, { from: before, to: at }))
    const tick: Tick = {
      step,
      at,
      sampled: script.failing.includes(step) ? null : merged(parts, at),
      appendedAt: remembered(cells),
      members: new Map(parts.flatMap((part) => part.members)),
      writes: parts.flatMap((part) => part.writes),
      cuts: parts.flatMap((part) => part.cuts),
    }
    before = at
    const jump = script.jump?.step === step ? script.jump.ms : 0
    at += script.intervalMs + Math.round(jump / script.intervalMs) * script.intervalMs
    return tick
  })
}

interface Part extends Pick<Sampled, "destinations" | "groups" | "problems"> {
  members: [string, number][]
  writes: OwnWrite[]
  cuts: Cut[]
}

function merged(parts: Part[], at: number): Sampled {
  return {
    at,
    destinations: parts.flatMap((part) => part.destinations),
    groups: parts.flatMap((part) => part.groups),
    problems: parts.flatMap((part) => part.problems),
    nodes: [],
    cost: { requests: 1, bytesIn: 1, bytesOut: 1, ms: 1 },
  }
}

/** The logs go on, and topics are made anew: what is asked at a step is answered from them as they are at that step. */
function remembered(cells: CellPlay[]): Tick["appendedAt"] {
  const logs = new Map(cells.flatMap((cell) => cell.logsNow()))
  return (topic, partition, offset) => {
    const log = logs.get(topic)?.[partition]
    if (!log || offset < log.start || offset >= log.end) return null
    const growth = log.grew.findLast((one) => one.begin <= offset && offset < one.end)
    if (!growth) return null
    const share = (offset - growth.begin + 0.5) / (growth.end - growth.begin)
    return growth.from + share * (growth.to - growth.from)
  }
}

class CellPlay {
  readonly #events: Event[]
  readonly #topics: Topic[]
  readonly #groups: Group[]
  #lives = 0
  #writes: OwnWrite[] = []
  #cuts: Cut[] = []

  constructor(cell: Cell, prefix: string) {
    this.#events = cell.events
    this.#topics = cell.topics.map((script, i) => {
      const partitions = script.rates.map(() => ({ start: 0, end: 0, grew: [] }))
      return { name: `${prefix}.topic${i}`, script, uid: `${prefix}-${i}`, partitions }
    })
    this.#groups = cell.groups.map((script, i) => ({
      name: `${prefix}.group${i}`,
      script,
      commits: new Map(),
    }))
  }

  play(step: number, span: { from: number; to: number }): Part {
    this.#writes = []
    this.#cuts = []
    for (const event of this.#events) if (event.step === step) this.#happen(event)
    for (const topic of this.#topics) this.#produce(topic, step, span)
    for (const group of this.#groups) this.#consume(group, step)
    return this.#sample(step)
  }

  /** The logs of every topic as they are now, by name. */
  logsNow(): [string, Partition[]][] {
    return this.#topics.map(({ name, partitions }) => [
      name,
      partitions.map((log) => ({ ...log, grew: log.grew.slice() })),
    ])
  }

  #active(kind: Event["kind"], step: number): Event[] {
    return this.#events.filter((one) => one.kind === kind && one.step <= step && step < one.step + one.lasts)
  }

  #isOn(
    kind: Event["kind"],
    step: number,
    on: { topic?: Topic; group?: Group; partition?: number },
  ): boolean {
    return this.#active(kind, step).some(
      (event) =>
        (!on.topic || this.#topicOf(event) === on.topic) &&
        (!on.group || this.#groupOf(event) === on.group) &&
        (on.partition === undefined || this.#partitionOf(event) === on.partition),
    )
  }

  #topicOf(event: Event): Topic {
    return this.#topics[event.topic % this.#topics.length] as Topic
  }

  #groupOf(event: Event): Group {
    return this.#groups[event.group % this.#groups.length] as Group
  }

  #partitionOf(event: Event): number {
    return event.partition % this.#topicOf(event).partitions.length
  }

  #happen(event: Event): void {
    const topic = this.#topicOf(event)
    const group = this.#groupOf(event)
    const partition = this.#partitionOf(event)
    const log = topic.partitions[partition]
    if (!log) return
    const place = (share: number) => log.start + Math.floor(((log.end - log.start) * share) / 100)
    switch (event.kind) {
      case "topic recreated":
      case "topic deleted":
        this.#recreate(topic, event.amount % 2 === 0)
        break
      case "topic grows":
        topic.partitions.push({ start: 0, end: 0, grew: [] })
        break
      case "commit expired":
        group.commits.get(topic.name)?.delete(partition)
        break
      case "reset":
        group.commits.get(topic.name)?.set(partition, place(event.amount))
        break
      case "reset by Signalbox":
        this.#resetByUs(group, { topic, partition, to: place(event.amount) })
        break
      case "beyond the end":
        group.commits.get(topic.name)?.set(partition, log.end + event.amount)
        break
      case "truncated":
        log.end = place(event.amount)
        this.#cuts.push({ topic: topic.name, partition, to: log.end })
        break
      case "records deleted":
        log.start = place(event.amount)
        break
      default:
        break
    }
  }

  /** Signalbox commits only for a group that has a position there. */
  #resetByUs(group: Group, at: { topic: Topic; partition: number; to: number }): void {
    const { topic, partition, to } = at
    const commits = group.commits.get(topic.name)
    const from = commits?.get(partition)
    if (!commits || from === undefined) return
    commits.set(partition, to)
    this.#writes.push({ group: group.name, topic: topic.name, partition, from, to })
  }

  #recreate(topic: Topic, forgetCommits: boolean): void {
    topic.uid = `${topic.name}-${++this.#lives}`
    topic.partitions = topic.partitions.map(() => ({ start: 0, end: 0, grew: [] }))
    if (forgetCommits) for (const group of this.#groups) group.commits.delete(topic.name)
  }

  #produce(topic: Topic, step: number, span: { from: number; to: number }): void {
    if (this.#isOn("topic deleted", step, { topic })) return
    const silent = this.#isOn("topic silent", step, { topic })
    const burst = this.#active("burst", step).filter(
      (one) => one.step === step && this.#topicOf(one) === topic,
    )
    topic.partitions.forEach((log, i) => {
      const rate = silent || span.to <= span.from ? 0 : (topic.script.rates[i] ?? 0)
      const begin = log.end
      log.end += rate + burst.reduce((sum, one) => sum + one.amount * 5, 0)
      log.grew.push({ ...span, begin, end: log.end })
      if (topic.script.keep !== null) log.start = Math.max(log.start, log.end - topic.script.keep)
    })
  }

  #consume(group: Group, step: number): void {
    if (this.#isOn("group stopped", step, { group })) return
    for (const index of new Set(group.script.reads.map((one) => one % this.#topics.length))) {
      const topic = this.#topics[index] as Topic
      if (this.#isOn("topic deleted", step, { topic })) continue
      const commits = group.commits.get(topic.name) ?? new Map<number, number>()
      group.commits.set(topic.name, commits)
      topic.partitions.forEach((log, partition) => {
        if (this.#isOn("leader away", step, { topic, partition })) return
        if (this.#isOn("commit expired", step, { topic, group, partition })) return
        this.#read(group, { commits, log, partition })
      })
    }
  }

  #read(group: Group, at: { commits: Map<number, number>; log: Partition; partition: number }): void {
    const { commits, log, partition } = at
    const position = commits.get(partition)
    if (position === undefined) {
      if (group.script.without.includes(partition)) return
      commits.set(partition, group.script.from === "start" ? log.start : log.end)
    } else if (position < log.end && group.script.speed > 0) {
      commits.set(partition, Math.min(log.end, Math.max(position, log.start) + group.script.speed))
    }
  }

  #sample(step: number): Part {
    const happened = { writes: this.#writes, cuts: this.#cuts }
    const part: Part = { destinations: [], groups: [], problems: [], members: [], ...happened }
    for (const topic of this.#topics) {
      if (this.#isOn("topic deleted", step, { topic })) continue
      if (this.#isOn("topic unreadable", step, { topic })) {
        const where = { kind: "destination" as const, destination: topic.name }
        part.problems.push({ part: where, code: "unavailable", message: `${topic.name} is away` })
      } else part.destinations.push(this.#sampleTopic(topic, step))
    }
    for (const group of this.#groups) {
      const stopped = this.#isOn("group stopped", step, { group })
      part.members.push([group.name, stopped ? 0 : 2])
      if (this.#isOn("group missing", step, { group })) continue
      const known = !this.#isOn("group unreadable", step, { group })
      if (!known) {
        const where = { kind: "group" as const, group: group.name }
        part.problems.push({ part: where, code: "unavailable", message: `${group.name} is away` })
      }
      const commits = known ? this.#sampleCommits(group, step) : []
      part.groups.push({
        name: group.name,
        type: "classic",
        state: stopped ? "empty" : "stable",
        empty: stopped,
        known,
        commits,
      })
    }
    return part
  }

  #sampleTopic(topic: Topic, step: number): SampledDestination {
    const known = (kind: Event["kind"], partition: number) =>
      !this.#isOn("leader away", step, { topic, partition }) && !this.#isOn(kind, step, { topic, partition })
    return {
      name: topic.name,
      uid: topic.uid,
      internal: topic.script.internal,
      starts: topic.partitions.map((log, i) => (known("start unknown", i) ? BigInt(log.start) : null)),
      ends: topic.partitions.map((log, i) => (known("end unknown", i) ? BigInt(log.end) : null)),
    }
  }

  #sampleCommits(group: Group, step: number): SampledGroup["commits"] {
    return [...group.commits].flatMap(([destination, commits]) => {
      const topic = this.#topics.find((one) => one.name === destination)
      if (!topic || commits.size === 0) return []
      const width = Math.max(...commits.keys()) + 1
      const offsets = Array.from({ length: width }, (_, i) => commits.get(i))
      const unknown = offsets.flatMap((_, partition) =>
        this.#isOn("commit unreadable", step, { topic, group, partition }) ? [partition] : [],
      )
      return [
        {
          destination,
          offsets: offsets.map((one, i) => (one === undefined || unknown.includes(i) ? null : BigInt(one))),
          unknown,
        },
      ]
    })
  }
}
