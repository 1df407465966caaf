import { addRates, NO_RATE, type Rate, rateOf } from "#server/rates.ts"
import type {
  DestinationEvaluation,
  GroupEvaluation,
  Needed,
  Observation,
  ObservedGroup,
  Totals,
} from "./evaluation.ts"
import { GroupMemory } from "./group-memory.ts"
import { LogState } from "./log-state.ts"
import type { Judged, PartitionLag, TimeLagSource, Verdict } from "./model.ts"
import { OwnMoves } from "./own-writes.ts"
import { partitionLag } from "./partition.ts"
import { positionKey } from "./position-key.ts"
import type { Positions } from "./positions.ts"
import { sentence } from "./sentence.ts"
import {
  type BeyondFacts,
  type Judgement,
  judge,
  LIMITS,
  type Limits,
  type PartitionFacts,
  type UnknownFacts,
} from "./status.ts"
import { began, lagTotals, sums } from "./totals.ts"

/**
 * Judges the groups of one cluster, sweep by sweep. Deterministic: the clock is the observation's. Keeps a window of
 * samples and a thinned history of end offsets in memory, and forgets what is no longer observed.
 */
export class Evaluator {
  readonly #logs = new Map<number, LogState>()
  readonly #groups = new Map<number, GroupMemory>()
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

  /** Messages a second that are produced to a destination, as of the last sweep. */
  produced(destinationId: number): Rate {
    return this.#logs.get(destinationId)?.producedInAll() ?? NO_RATE
  }

  /** Tells when the record at a needed position was appended (ms). */
  learn(position: Needed, appended: { at: number; source: TimeLagSource }): void {
    this.#learned.set(positionKey(position), {
      ...appended,
      used: Number.POSITIVE_INFINITY,
    })
  }

  /**
   * Takes over what an earlier collector had judged, so that "since" survives it: the verdict, and the last one that was
   * not "unknown".
   */
  remember(groupId: number, verdict: Judged, judged: Judged | null): void {
    this.#memoryOf(groupId).remember(verdict, judged)
  }

  #memoryOf(groupId: number): GroupMemory {
    const memory = this.#groups.get(groupId) ?? new GroupMemory()
    this.#groups.set(groupId, memory)
    return memory
  }

  #takeLogs(observation: Observation): void {
    const seen = new Set<number>()
    for (const log of observation.destinations) {
      seen.add(log.id)
      const state = this.#logs.get(log.id) ?? new LogState(log)
      this.#logs.set(log.id, state)
      state.add(observation.at, log)
    }
    for (const id of this.#logs.keys()) if (!seen.has(id)) this.#logs.delete(id)
  }

  #evaluate(group: ObservedGroup, at: number): GroupEvaluation {
    const memory = this.#memoryOf(group.id)
    memory.take(group, at, this.#logs)
    const writes = group.writes ?? []
    const judged = [...memory.commits].flatMap(([destinationId, positions]) => {
      const log = this.#logs.get(destinationId)
      const own = new OwnMoves(writes, destinationId)
      return log ? [this.#onDestination({ destinationId, log, positions, at, own })] : []
    })
    const byDestination = judged.map((one) => one.evaluation)
    const totals = lagTotals(byDestination, {
      produced: addRates(judged.map((one) => one.produced)),
      consumed: addRates(judged.map((one) => one.consumed)),
    })
    const facts = joined(judged)
    const { known, members } = group
    const moments = longest(facts.partitions)
    const judgement = judge({ known, members, at: moments, ...facts }, this.#limits)
    const noCommits = memory.commits.size === 0 && known
    const verdict = noCommits
      ? memory.withoutCommits(group.name, at)
      : this.#verdict(memory, { group, judgement, totals, byDestination, facts, at, from: moments[0] ?? at })
    memory.remember(verdict)
    const noCommit = this.#noCommit(memory)
    const { judged: lastJudged, emptyChanges } = memory
    return { id: group.id, verdict, judged: lastJudged, emptyChanges, totals, noCommit, byDestination }
  }

  #onDestination(read: OnDestination): OfDestination {
    const { destinationId, log, positions, at, own } = read
    const size = Math.max(log.ends.partitions, positions.committed.partitions)
    const partitions: PartitionLag[] = []
    const found: OfDestination["facts"] = { partitions: [], unknown: [], beyond: [] }
    const rates: Rate[] = []
    const written: Rate[] = []
    for (let partition = 0; partition < size; partition++) {
      const noCommit = positions.isWithout(partition)
      const consumed = positions.consumed(partition, own)
      const learned = (offset: number) => this.#recall(positionKey({ destinationId, partition, offset }), at)
      const { committed } = positions
      const { lag, needs } = partitionLag({ partition, now: at, log, committed, noCommit, consumed, learned })
      if (needs !== null) this.#needed.push({ destinationId, partition, offset: needs })
      partitions.push(lag)
      rates.push(rateOf(committed.at, consumed))
      if (!noCommit) written.push(log.produced(partition))
      const facts = positions.facts(log, lag, own)
      if (facts) found.partitions.push(facts)
      else if (!noCommit) found.unknown.push(unknownOf(log, lag))
      const { beyond } = lag
      if (beyond !== null && positions.samplesBeyond(partition, log.ends) >= MIN_BEYOND)
        found.beyond.push(beyondOf(log, lag))
    }
    const whole = { known: true, members: null, at: longest(found.partitions), ...found }
    const { status } = judge(whole, this.#limits)
    const evaluation = { destinationId, status, ...sums(partitions), partitions }
    return { evaluation, facts: found, produced: addRates(written), consumed: addRates(rates) }
  }

  #recall(key: string, at: number): { at: number; source: TimeLagSource } | null {
    const entry = this.#learned.get(key)
    if (!entry) return null
    entry.used = at
    return entry
  }

  #verdict(memory: GroupMemory, judged: ToJudge): Verdict {
    const { group, judgement, totals, byDestination, facts, at, from } = judged
    const { status, rule, blame } = judgement
    const since = memory.since(status, at) ?? began(status, byDestination, { now: at, windowStart: from })
    const said = sentence({
      ...totals,
      group: group.name,
      status,
      lasted: at - since,
      blame: blame ? `partition ${blame.partition} of ${blame.destination}` : null,
      unknown: facts.unknown,
      beyond: facts.beyond,
      why: group.known ? null : (group.why ?? "the coordinator did not answer"),
      isUpTo: byDestination.some(
        (one) => one.lag !== 0 && this.#logs.get(one.destinationId)?.retention.compacts === true,
      ),
      held: byDestination.flatMap((one) =>
        one.partitions.flatMap(({ partition, held: offsets }) =>
          offsets === null
            ? []
            : [{ destination: this.#logs.get(one.destinationId)?.name ?? "", partition, offsets }],
        ),
      ),
    })
    return { status, rule, since, sentence: said }
  }

  /** Partitions of what a group reads on which it never committed, or whose commit expired, and what waits there. */
  #noCommit(memory: GroupMemory): { partitions: number; messages: number | null } {
    let partitions = 0
    let messages: number | null = 0
    for (const [destinationId, positions] of memory.commits) {
      const log = this.#logs.get(destinationId)
      if (!log) continue
      const size = Math.max(log.ends.partitions, positions.committed.partitions)
      for (let partition = 0; partition < size; partition++) {
        if (!positions.isWithout(partition)) continue
        const [start, end] = [log.starts.latest(partition), log.ends.latest(partition)]
        partitions += 1
        messages = messages === null || start === null || end === null ? null : messages + (end - start)
      }
    }
    return { partitions, messages }
  }
}

/** Right after a leader has moved, its end may be behind what was consumed: only a row of samples tells. */
const MIN_BEYOND = 3

interface OnDestination {
  destinationId: number
  log: LogState
  positions: Positions
  at: number
  own: OwnMoves
}

interface Facts {
  partitions: PartitionFacts[]
  unknown: UnknownFacts[]
  beyond: BeyondFacts[]
}

interface OfDestination {
  evaluation: DestinationEvaluation
  facts: Facts
  /** To the partitions that the group has committed on. */
  produced: Rate
  consumed: Rate
}

interface ToJudge {
  group: ObservedGroup
  judgement: Judgement
  totals: Totals
  byDestination: DestinationEvaluation[]
  facts: Facts
  at: number
  /** When the window of samples begins. */
  from: number
}

function joined(judged: readonly OfDestination[]): Facts {
  return {
    partitions: judged.flatMap((one) => one.facts.partitions),
    unknown: judged.flatMap((one) => one.facts.unknown),
    beyond: judged.flatMap((one) => one.facts.beyond),
  }
}

function unknownOf(log: LogState, lag: PartitionLag): UnknownFacts {
  const { partition, beyond, committed } = lag
  const why =
    beyond !== null
      ? "its committed offset is beyond the end of the log"
      : (log.why(partition) ??
        (committed === null ? "its committed offset could not be read" : "its offsets could not be read"))
  return { destination: log.name, partition, why, lost: lag.lost ?? 0 }
}

function beyondOf(log: LogState, lag: PartitionLag): BeyondFacts {
  const { partition, committed, end } = lag
  return { destination: log.name, partition, committed: committed ?? 0, end: end ?? 0 }
}

function longest(facts: readonly PartitionFacts[]): readonly number[] {
  return facts.reduce<readonly number[]>((most, one) => (one.at.length > most.length ? one.at : most), [])
}
