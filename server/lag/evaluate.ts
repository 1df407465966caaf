import { EndHistory } from "./end-history.ts"
import { caughtUpIn } from "./forecast.ts"
import type { GroupStatus, PartitionLag, Retention, TimeLagSource, Verdict } from "./model.ts"
import { partitionLag } from "./partition.ts"
import { slope } from "./rates.ts"
import { sentence } from "./sentence.ts"
import { judge, LIMITS, type Limits, type PartitionFacts } from "./status.ts"
import { push, type Row, times } from "./window.ts"

/** One sweep, as the evaluator takes it. Arrays are indexed by partition; -1: no commit; null: unknown. */
export interface Observation {
  at: number
  destinations: {
    id: number
    name: string
    starts: readonly (number | null)[]
    ends: readonly (number | null)[]
    retention: Retention
  }[]
  groups: ObservedGroup[]
}

export interface ObservedGroup {
  id: number
  name: string
  members: number | null
  known: boolean
  commits: { destinationId: number; offsets: readonly (number | null)[] }[]
}

export interface Totals {
  lag: number | null
  timeLag: number | null
  lost: number | null
  produceRate: number | null
  consumeRate: number | null
  caughtUpIn: number | null
  lostIn: number | null
}

export interface DestinationEvaluation {
  destinationId: number
  status: GroupStatus
  lag: number | null
  timeLag: number | null
  lost: number | null
  partitions: PartitionLag[]
}

export interface GroupEvaluation {
  id: number
  verdict: Verdict
  totals: Totals
  noCommit: { partitions: number; messages: number }
  byDestination: DestinationEvaluation[]
}

/** A position whose moment must be asked for: stored history, or the record itself. */
export interface Needed {
  destinationId: number
  partition: number
  offset: number
}

interface LogState {
  name: string
  starts: Row[]
  ends: Row[]
  histories: EndHistory[]
  retention: Retention
}

interface GroupState {
  commits: Map<number, Row[]>
  verdict: Verdict | null
}

/**
 * Judges the groups of one cluster, sweep by sweep. Deterministic: the clock is the observation's. Keeps a window of
 * rows and a thinned history of end offsets in memory, and forgets what is no longer observed.
 */
export class Evaluator {
  readonly #logs = new Map<number, LogState>()
  readonly #groups = new Map<number, GroupState>()
  readonly #learned = new Map<string, { at: number; source: TimeLagSource; used: number }>()
  readonly #limits: Limits
  #needed: Needed[] = []

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits
  }

  /** Takes a sweep and judges every group in it. */
  observe(observation: Observation): GroupEvaluation[] {
    this.#takeLogs(observation)
    this.#needed = []
    const seen = new Set(observation.groups.map((group) => group.id))
    for (const id of this.#groups.keys()) if (!seen.has(id)) this.#groups.delete(id)
    const evaluations = observation.groups.map((group) => this.#evaluate(group, observation.at))
    for (const [key, entry] of this.#learned) {
      if (entry.used > observation.at) entry.used = observation.at
      else if (entry.used < observation.at) this.#learned.delete(key)
    }
    return evaluations
  }

  /** Positions whose moment the last sweep needed and did not know. */
  get needed(): readonly Needed[] {
    return this.#needed
  }

  /** Tells when the record at a needed position was appended (ms). */
  learn(position: Needed, appended: { at: number; source: TimeLagSource }): void {
    this.#learned.set(keyOf(position.destinationId, position.partition, position.offset), {
      ...appended,
      used: Number.POSITIVE_INFINITY,
    })
  }

  /** Takes over what an earlier collector had judged, so that "since" survives it. */
  remember(groupId: number, verdict: Verdict): void {
    const state = this.#groups.get(groupId) ?? { commits: new Map(), verdict: null }
    state.verdict = verdict
    this.#groups.set(groupId, state)
  }

  #takeLogs(observation: Observation): void {
    const seen = new Set<number>()
    for (const log of observation.destinations) {
      seen.add(log.id)
      const state = this.#logs.get(log.id) ?? {
        name: log.name,
        starts: [],
        ends: [],
        histories: [],
        retention: log.retention,
      }
      this.#logs.set(log.id, state)
      state.retention = log.retention
      push(state.starts, { at: observation.at, values: log.starts })
      push(state.ends, { at: observation.at, values: log.ends })
      log.ends.forEach((end, partition) => {
        const history = state.histories[partition] ?? new EndHistory()
        state.histories[partition] = history
        if (end !== null) history.add(observation.at, end)
      })
    }
    for (const id of this.#logs.keys()) if (!seen.has(id)) this.#logs.delete(id)
  }

  #evaluate(group: ObservedGroup, at: number): GroupEvaluation {
    const state = this.#groups.get(group.id) ?? { commits: new Map(), verdict: null }
    this.#groups.set(group.id, state)
    if (group.known) takeCommits(state, group, at)
    const byDestination = [...state.commits].flatMap(([destinationId, rows]) => {
      const log = this.#logs.get(destinationId)
      return log ? [this.#onDestination({ destinationId, log, rows, at })] : []
    })
    const facts = byDestination.flatMap((one) => one.facts)
    const totals = totalsOf(byDestination, this.#rates(state))
    const judgement = judge(
      {
        known: group.known,
        members: group.members,
        at: longest(facts),
        partitions: facts,
        ...ratesOf(totals),
      },
      this.#limits,
    )
    const noCommits = state.commits.size === 0 && group.known
    const status = noCommits ? "idle" : judgement.status
    const rule = noCommits ? "7 idle" : judgement.rule
    const since = state.verdict?.status === status ? state.verdict.since : began(status, byDestination, at)
    const blame = judgement.blame
      ? `partition ${judgement.blame.partition} of ${judgement.blame.destination}`
      : null
    const words = noCommits
      ? `${group.name} has no committed offset.`
      : sentence({ group: group.name, status, lasted: at - since, blame, ...totals })
    const verdict: Verdict = { status, rule, since, sentence: words }
    state.verdict = verdict
    return {
      id: group.id,
      verdict,
      totals,
      noCommit: this.#noCommit(state),
      byDestination: byDestination.map(strip),
    }
  }

  #onDestination(read: { destinationId: number; log: LogState; rows: Row[]; at: number }): Judged {
    const size = Math.max(read.log.ends.at(-1)?.values.length ?? 0, read.rows.at(-1)?.values.length ?? 0)
    const partitions: PartitionLag[] = []
    for (let partition = 0; partition < size; partition++) {
      const result = partitionLag({
        partition,
        now: read.at,
        starts: read.log.starts,
        ends: read.log.ends,
        committed: read.rows,
        history: read.log.histories[partition] ?? new EndHistory(),
        retention: read.log.retention,
        learned: (offset) => this.#recall(keyOf(read.destinationId, partition, offset), read.at),
      })
      if (result.needs !== null)
        this.#needed.push({ destinationId: read.destinationId, partition, offset: result.needs })
      partitions.push(result.lag)
    }
    const facts = factsOf(read, partitions)
    const worst = judge({
      known: true,
      members: null,
      at: times(read.rows),
      partitions: facts,
      produceRate: null,
      consumeRate: null,
    }).status
    return { destinationId: read.destinationId, status: worst, ...sums(partitions), partitions, facts }
  }

  #recall(key: string, at: number): { at: number; source: TimeLagSource } | null {
    const entry = this.#learned.get(key)
    if (!entry) return null
    entry.used = at
    return entry
  }

  /** Rates of the whole group: slopes of the sums, over the partitions that it has committed on. */
  #rates(state: GroupState): { produceRate: number | null; consumeRate: number | null } {
    let produceRate: number | null = null
    let consumeRate: number | null = null
    for (const [destinationId, rows] of state.commits) {
      const log = this.#logs.get(destinationId)
      if (!log) continue
      const read = (partition: number) => (rows.at(-1)?.values[partition] ?? -1) >= 0
      const produced = slope(
        times(log.ends),
        log.ends.map((row) => sum(row.values, read)),
      )
      const consumed = slope(
        times(rows),
        rows.map((row) => sum(row.values, read)),
      )
      if (produced !== null) produceRate = (produceRate ?? 0) + Math.max(0, produced)
      if (consumed !== null) consumeRate = (consumeRate ?? 0) + Math.max(0, consumed)
    }
    return { produceRate, consumeRate }
  }

  /** Partitions of the group's destinations without a commit, and what waits there; not part of its lag. */
  #noCommit(state: GroupState): { partitions: number; messages: number } {
    const found = { partitions: 0, messages: 0 }
    for (const [destinationId, rows] of state.commits) {
      const log = this.#logs.get(destinationId)
      const offsets = rows.at(-1)?.values ?? []
      log?.ends.at(-1)?.values.forEach((end, partition) => {
        const offset = offsets[partition]
        if (offset === null || (offset !== undefined && offset >= 0)) return
        found.partitions += 1
        found.messages += Math.max(0, (end ?? 0) - (log.starts.at(-1)?.values[partition] ?? 0))
      })
    }
    return found
  }
}

type Judged = DestinationEvaluation & { facts: PartitionFacts[] }

function strip({ facts: _facts, ...rest }: Judged): DestinationEvaluation {
  return rest
}

function takeCommits(state: GroupState, group: ObservedGroup, at: number): void {
  const seen = new Set(group.commits.map((one) => one.destinationId))
  for (const id of state.commits.keys()) if (!seen.has(id)) state.commits.delete(id)
  for (const one of group.commits) {
    const rows = state.commits.get(one.destinationId) ?? []
    state.commits.set(one.destinationId, rows)
    push(rows, { at, values: one.offsets })
  }
}

/** The window as the rules want it, without partitions that have no commit or whose position is unknown. */
function factsOf(read: { log: LogState; rows: Row[] }, partitions: PartitionLag[]): PartitionFacts[] {
  const ends = new Map(read.log.ends.map((row) => [row.at, row.values]))
  const pairs = read.rows.flatMap((row) => {
    const values = ends.get(row.at)
    return values ? [{ at: row.at, committed: row.values, ends: values }] : []
  })
  return partitions.flatMap(({ partition, committed, lag, lost, lostIn }) => {
    if (committed === null || lag === null) return []
    const facts: PartitionFacts = {
      destination: read.log.name,
      partition,
      at: [],
      lag: [],
      committed: [],
      lost: lost ?? 0,
      lostIn,
    }
    for (const pair of pairs) {
      const position = pair.committed[partition]
      const end = pair.ends[partition]
      if (typeof position !== "number" || position < 0 || typeof end !== "number") continue
      facts.at.push(pair.at)
      facts.committed.push(position)
      facts.lag.push(Math.max(0, end - position))
    }
    return [facts]
  })
}

function longest(facts: PartitionFacts[]): number[] {
  return facts.reduce<number[]>((most, one) => (one.at.length > most.length ? one.at : most), [])
}

/** How long a status has lasted, as far as the window shows, when it is seen for the first time. */
function began(status: GroupStatus, byDestination: DestinationEvaluation[], at: number): number {
  if (status !== "stopped" && status !== "stalled") return at
  const moves = byDestination.flatMap((one) => one.partitions.map((partition) => partition.lastCommitAt ?? 0))
  const last = Math.max(0, ...moves)
  if (status === "stopped" && last > 0) return last
  const ages = byDestination.flatMap((one) => one.partitions.map((partition) => partition.timeLag ?? 0))
  return at - Math.max(0, ...ages)
}

function sums(partitions: PartitionLag[]): {
  lag: number | null
  timeLag: number | null
  lost: number | null
} {
  return {
    lag: addUp(partitions.map((one) => one.lag)),
    timeLag: greatest(partitions.map((one) => one.timeLag)),
    lost: addUp(partitions.map((one) => one.lost)),
  }
}

function totalsOf(
  destinations: DestinationEvaluation[],
  rates: { produceRate: number | null; consumeRate: number | null },
): Totals {
  const lag = addUp(destinations.map((one) => one.lag))
  const dangers = destinations.flatMap((one) => one.partitions.map((partition) => partition.lostIn))
  const known = dangers.filter((one): one is number => one !== null)
  return {
    lag,
    timeLag: greatest(destinations.map((one) => one.timeLag)),
    lost: addUp(destinations.map((one) => one.lost)),
    ...rates,
    caughtUpIn: lag === null ? null : caughtUpIn(lag, rates.produceRate, rates.consumeRate),
    lostIn: known.length === 0 ? null : Math.min(...known),
  }
}

function ratesOf(totals: Totals): { produceRate: number | null; consumeRate: number | null } {
  return { produceRate: totals.produceRate, consumeRate: totals.consumeRate }
}

function addUp(values: (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

function greatest(values: (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** Sum over the partitions that count; null when one of them is unknown, since a sum without it would jump. */
function sum(values: readonly (number | null)[], counts: (partition: number) => boolean): number | null {
  let total = 0
  for (let partition = 0; partition < values.length; partition++) {
    if (!counts(partition)) continue
    const value = values[partition]
    if (value === null || value === undefined || value < 0) return null
    total += value
  }
  return total
}

function keyOf(destinationId: number, partition: number, offset: number): string {
  return `${destinationId}/${partition}/${offset}`
}
