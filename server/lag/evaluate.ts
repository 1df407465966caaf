import { NO_COMMIT } from "#server/store/index.ts"
import { EndHistory } from "./end-history.ts"
import type {
  DestinationEvaluation,
  GroupEvaluation,
  Needed,
  Observation,
  ObservedGroup,
  Totals,
} from "./evaluation.ts"
import type { PartitionLag, Retention, TimeLagSource, Verdict } from "./model.ts"
import { partitionLag } from "./partition.ts"
import { Positions } from "./positions.ts"
import { sentence } from "./sentence.ts"
import { type Judgement, judge, LIMITS, type Limits, type PartitionFacts } from "./status.ts"
import { began, sums, totalsOf } from "./totals.ts"
import { Window } from "./window.ts"

interface LogState {
  name: string
  starts: Window
  ends: Window
  histories: EndHistory[]
  retention: Retention
}

interface GroupState {
  commits: Map<number, Positions>
  verdict: Verdict | null
}

const NO_HISTORY = new EndHistory()

/**
 * Judges the groups of one cluster, sweep by sweep. Deterministic: the clock is the observation's. Keeps a window of
 * samples and a thinned history of end offsets in memory, and forgets what is no longer observed.
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
    this.#stateOf(groupId).verdict = verdict
  }

  #stateOf(groupId: number): GroupState {
    const state = this.#groups.get(groupId) ?? { commits: new Map(), verdict: null }
    this.#groups.set(groupId, state)
    return state
  }

  #takeLogs(observation: Observation): void {
    const seen = new Set<number>()
    for (const { id, name, starts, ends, retention } of observation.destinations) {
      seen.add(id)
      const state = this.#logs.get(id) ?? {
        name,
        starts: new Window(),
        ends: new Window(),
        histories: [],
        retention,
      }
      this.#logs.set(id, state)
      state.retention = retention
      state.starts.add(observation.at, starts)
      state.ends.add(observation.at, ends)
      ends.forEach((end, partition) => {
        const history = state.histories[partition] ?? new EndHistory()
        state.histories[partition] = history
        if (end !== null) history.add(observation.at, end)
      })
    }
    for (const id of this.#logs.keys()) if (!seen.has(id)) this.#logs.delete(id)
  }

  #evaluate(group: ObservedGroup, at: number): GroupEvaluation {
    const state = this.#stateOf(group.id)
    if (group.known) this.#takeCommits(state, group, at)
    const judged = [...state.commits].flatMap(([destinationId, positions]) => {
      const log = this.#logs.get(destinationId)
      return log ? [this.#onDestination({ destinationId, log, positions, at })] : []
    })
    const byDestination = judged.map((one) => one.evaluation)
    const totals = totalsOf(byDestination, this.#rates(state))
    const facts = judged.flatMap((one) => one.facts)
    const { produceRate, consumeRate } = totals
    const { known, members } = group
    const judgement = judge(
      { known, members, at: longest(facts), partitions: facts, produceRate, consumeRate },
      this.#limits,
    )
    const noCommits = state.commits.size === 0 && known
    state.verdict = noCommits
      ? this.#withoutCommits(state, group, at)
      : this.#verdict(state, { group, judgement, totals, byDestination, at })
    return {
      id: group.id,
      verdict: state.verdict,
      totals,
      noCommit: this.#noCommit(state),
      byDestination,
    }
  }

  #takeCommits(state: GroupState, group: ObservedGroup, at: number): void {
    const seen = new Set(group.commits.map((one) => one.destinationId))
    for (const id of state.commits.keys()) if (!seen.has(id)) state.commits.delete(id)
    for (const { destinationId, offsets } of group.commits) {
      const positions = state.commits.get(destinationId) ?? new Positions()
      state.commits.set(destinationId, positions)
      positions.add(at, offsets, this.#logs.get(destinationId)?.ends)
    }
  }

  #onDestination(read: OnDestination): { evaluation: DestinationEvaluation; facts: PartitionFacts[] } {
    const { destinationId, log, positions, at } = read
    const size = Math.max(log.ends.partitions, positions.committed.partitions)
    const partitions: PartitionLag[] = []
    const facts: PartitionFacts[] = []
    for (let partition = 0; partition < size; partition++) {
      const { lag, needs } = partitionLag({
        partition,
        now: at,
        starts: log.starts,
        ends: log.ends,
        committed: positions.committed,
        history: log.histories[partition] ?? NO_HISTORY,
        retention: log.retention,
        learned: (offset) => this.#recall(keyOf(destinationId, partition, offset), at),
      })
      if (needs !== null) this.#needed.push({ destinationId, partition, offset: needs })
      partitions.push(lag)
      const known = positions.facts(log.name, lag)
      if (known) facts.push(known)
    }
    const { status } = judge({
      known: true,
      members: null,
      at: positions.committed.at,
      partitions: facts,
      produceRate: null,
      consumeRate: null,
    })
    return { evaluation: { destinationId, status, ...sums(partitions), partitions }, facts }
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
    for (const [destinationId, positions] of state.commits) {
      const log = this.#logs.get(destinationId)
      if (!log) continue
      const { produced, consumed } = positions.rates(log.ends)
      if (produced !== null) produceRate = (produceRate ?? 0) + Math.max(0, produced)
      if (consumed !== null) consumeRate = (consumeRate ?? 0) + Math.max(0, consumed)
    }
    return { produceRate, consumeRate }
  }

  #verdict(state: GroupState, judged: Judged): Verdict {
    const { group, judgement, totals, byDestination, at } = judged
    const { status, rule } = judgement
    const since = state.verdict?.status === status ? state.verdict.since : began(status, byDestination, at)
    const blame = judgement.blame
      ? `partition ${judgement.blame.partition} of ${judgement.blame.destination}`
      : null
    const said = sentence({ group: group.name, status, lasted: at - since, blame, ...totals })
    return { status, rule, since, sentence: said }
  }

  #withoutCommits(state: GroupState, group: ObservedGroup, at: number): Verdict {
    const since = state.verdict?.status === "idle" ? state.verdict.since : at
    return { status: "idle", rule: "7 idle", since, sentence: `${group.name} has no committed offset.` }
  }

  /** Partitions of the group's destinations without a commit, and what waits there; not part of its lag. */
  #noCommit(state: GroupState): { partitions: number; messages: number } {
    const found = { partitions: 0, messages: 0 }
    for (const [destinationId, { committed }] of state.commits) {
      const log = this.#logs.get(destinationId)
      if (!log) continue
      for (let partition = 0; partition < log.ends.partitions; partition++) {
        const isNew = partition >= committed.partitions
        if (!isNew && committed.latest(partition) !== NO_COMMIT) continue
        found.partitions += 1
        found.messages += Math.max(0, (log.ends.latest(partition) ?? 0) - (log.starts.latest(partition) ?? 0))
      }
    }
    return found
  }
}

interface OnDestination {
  destinationId: number
  log: LogState
  positions: Positions
  at: number
}

interface Judged {
  group: ObservedGroup
  judgement: Judgement
  totals: Totals
  byDestination: DestinationEvaluation[]
  at: number
}

function longest(facts: readonly PartitionFacts[]): readonly number[] {
  return facts.reduce<readonly number[]>((most, one) => (one.at.length > most.length ? one.at : most), [])
}

function keyOf(destinationId: number, partition: number, offset: number): string {
  return `${destinationId}/${partition}/${offset}`
}
