import type { PoolClient } from "pg"
import type { Broker, Sampled } from "#server/brokers/broker.ts"
import type { ClusterTarget } from "#server/clusters/index.ts"
import {
  appendedAt,
  type Evaluator,
  type Observation,
  type OwnWrite,
  type Retention,
  readOwnWrites,
} from "#server/lag/index.ts"
import { toNumber } from "#server/numbers.ts"
import {
  encodeCommits,
  forget,
  type Store,
  type StoredSweep,
  transaction,
  writeSweep,
} from "#server/store/index.ts"
import { commitsByGroup, completed, Reasons } from "./complete.ts"
import { describeCluster, type Knowledge } from "./describe.ts"
import { EmptyOffsets } from "./empty-offsets.ts"
import { type GroupLag, groupLags } from "./group-lags.ts"
import { type Held, HeldBack } from "./held-back.ts"
import { type Inventory, loadInventory, updateInventory } from "./inventory.ts"
import { isPastOf, type Past, recallPast } from "./past.ts"
import { recordable } from "./recordable.ts"
import { writeState } from "./state.ts"

/** Records whose timestamp is asked for in one sweep, where stored history does not reach back. */
const MAX_RECORD_READS = 200
/** Positions whose moment is asked for in one sweep. */
const MAX_LEARNED = 2000
const NO_RETENTION: Retention = { ms: null, bytes: null, deletes: false, compacts: false }

/** What a sweep found, for the metrics. */
export interface Swept {
  sampled: Sampled
  lags: GroupLag[]
}

export interface SamplingParts {
  store: Store
  target: ClusterTarget
  broker: Broker
  /**
   * Works on a sample within the transaction that stores it, and returns what is to be called once it is committed. It is
   * not called for a sample that another collector stored.
   */
  onStored?: (client: PoolClient, at: number) => Promise<() => void>
}

/** All that the sampling of one cluster keeps between sweeps. It begins where the last collector of the cluster stopped. */
export class ClusterSampling {
  readonly #store: Store
  readonly #target: ClusterTarget
  readonly #broker: Broker
  readonly #onStored: NonNullable<SamplingParts["onStored"]>
  readonly #empty = new EmptyOffsets()
  readonly #heldBack = new HeldBack()
  #held: ReadonlyMap<string, Held[]> = new Map()
  /** null: to be read from the store. Only what a sweep found that was stored becomes the past of the next. */
  #past: Past | null = null
  #inventory: Inventory | null = null
  #knowledge: Knowledge = { retention: new Map(), members: new Map() }

  constructor(parts: SamplingParts) {
    this.#store = parts.store
    this.#target = parts.target
    this.#broker = parts.broker
    this.#onStored = parts.onStored ?? (async () => () => undefined)
  }

  /** Describes the cluster: what changes slowly, but the verdicts need (retention, members). */
  async describe(signal: AbortSignal): Promise<void> {
    const inventory = await this.#loadedInventory()
    this.#knowledge = await describeCluster(this.#store, this.#broker, {
      clusterId: this.#target.clusterId,
      inventory,
      held: this.#held,
      signal,
    })
  }

  /**
   * One sweep: sample, judge, store. `at` is the aligned moment that the sweep stands for. A moment that is over (`recallPast`)
   * is left as it is: then nothing is said of groups.
   */
  async sweep(at: number, signal: AbortSignal): Promise<Swept> {
    const read = recordable({ ...(await this.#broker.sample({}, signal)), at })
    const clusterId = this.#target.clusterId
    const past = await this.#takePast(at)
    if (!past) return { sampled: read, lags: [] }
    const inventory = await updateInventory(this.#store, await this.#loadedInventory(), {
      clusterId,
      sampled: read,
    })
    this.#inventory = inventory
    const { evaluator, memory } = past
    const sampled = completed(read, inventory, past.commits)
    this.#held = this.#heldBack.add(sampled)
    const writes = await readOwnWrites(this.#store, { clusterId, now: at })
    const evaluations = evaluator.observe(this.#observe(sampled, { inventory, writes }))
    const produced = (destinationId: number) => evaluator.produced(destinationId)
    const stored = toStored(sampled, { clusterId, inventory })
    const written = await transaction(this.#store, async (client) => {
      const result = await writeSweep(client, stored, memory)
      if (!result.written) return { ...result, keep: [] }
      await writeState(client, { clusterId, sampled, inventory, evaluations, produced, held: this.#held })
      const keepEmpty = await this.#empty.write(client, sampled, inventory)
      return { ...result, keep: [keepEmpty, await this.#onStored(client, at)] }
    })
    written.remember()
    for (const keep of written.keep) keep()
    forget(memory, {
      destinations: new Set([...inventory.destinations.values()].map((one) => one.id)),
      groups: new Set([...inventory.groups.values()].map((one) => one.id)),
    })
    if (written.written) this.#past = { ...past, until: at, commits: commitsByGroup(sampled, inventory) }
    await this.#learnNeeded(evaluator, { inventory, signal })
    return { sampled, lags: groupLags(evaluations, inventory) }
  }

  async #takePast(at: number): Promise<Past | null> {
    const past = this.#past
    this.#past = null
    return past && isPastOf(past, at) ? past : recallPast(this.#store, this.#target.clusterId, at)
  }

  async #loadedInventory(): Promise<Inventory> {
    this.#inventory ??= await loadInventory(this.#store, this.#target.clusterId)
    return this.#inventory
  }

  #observe(
    sampled: Sampled,
    known: { inventory: Inventory; writes: ReadonlyMap<string, OwnWrite[]> },
  ): Observation {
    const { inventory, writes } = known
    const reasons = new Reasons(sampled.problems)
    const destinations = sampled.destinations.flatMap((one) => {
      const id = inventory.destinations.get(one.name)?.id
      if (id === undefined) return []
      const retention = this.#knowledge.retention.get(one.name) ?? NO_RETENTION
      const why = reasons.ofPartitions(one.name, one.ends)
      const [starts, ends] = [one.starts.map(toNumber), one.ends.map(toNumber)]
      const empty = (one.empty ?? []).map(({ partition, from, to }) => ({
        partition,
        from: Number(from),
        to: Number(to),
      }))
      const stable = new Map((this.#held.get(one.name) ?? []).map((held) => [held.partition, held.stable]))
      return [{ id, name: one.name, starts, ends, retention, why, empty, stable }]
    })
    const groups = sampled.groups.flatMap((group) => {
      const id = inventory.groups.get(group.name)?.id
      if (id === undefined) return []
      const { name, known } = group
      const why = reasons.ofGroup(name)
      return [
        {
          id,
          name,
          known,
          members: this.#membersOf(group),
          commits: commitsOf(group, inventory),
          writes: writes.get(name) ?? [],
          ...(why === null ? {} : { why }),
        },
      ]
    })
    return { at: sampled.at, destinations, groups }
  }

  /** An empty group has no members, whatever the last description said; else the description's count. */
  #membersOf(group: Sampled["groups"][number]): number | null {
    if (group.empty) return 0
    const members = this.#knowledge.members.get(group.name)
    return members === 0 ? null : (members ?? null)
  }

  /** Asks for the moments that the evaluator did not know. */
  async #learnNeeded(
    evaluator: Evaluator,
    { inventory, signal }: { inventory: Inventory; signal: AbortSignal },
  ): Promise<void> {
    const needed = evaluator.needed.slice(0, MAX_LEARNED)
    if (needed.length === 0) return
    const destinations = new Map([...inventory.destinations.values()].map((one) => [one.id, one]))
    const from = { store: this.#store, clusterId: this.#target.clusterId, broker: this.#broker, destinations }
    const how = { first: "history", maxRecords: MAX_RECORD_READS, signal } as const
    for (const one of await appendedAt(from, needed, how)) evaluator.learn(one, one)
  }
}

function commitsOf(group: Sampled["groups"][number], inventory: Inventory) {
  return group.commits.flatMap((commit) => {
    const destination = inventory.destinations.get(commit.destination)
    if (!destination) return []
    const offsets = padded(commit.offsets, destination.partitions)
    const encoded = encodeCommits({ offsets, unknown: commit.unknown })
    return [{ destinationId: destination.id, offsets: encoded.map(toNumber) }]
  })
}

function toStored(sampled: Sampled, into: { clusterId: number; inventory: Inventory }): StoredSweep {
  const { destinations, groups } = into.inventory
  const idsOf = (some: Sampled["groups"]) => some.flatMap((group) => groups.get(group.name)?.id ?? [])
  return {
    clusterId: into.clusterId,
    at: sampled.at,
    ms: Math.round(sampled.cost.ms),
    readGroups: idsOf(sampled.groups.filter((group) => group.known)),
    unknownGroups: idsOf(sampled.groups.filter((group) => !group.known)),
    logs: sampled.destinations.flatMap((one) => {
      const id = destinations.get(one.name)?.id
      return id === undefined ? [] : [{ destinationId: id, starts: one.starts, ends: one.ends }]
    }),
    commits: sampled.groups.flatMap((group) => {
      const groupId = groups.get(group.name)?.id
      if (groupId === undefined) return []
      return group.commits.flatMap((commit) => {
        const destination = destinations.get(commit.destination)
        if (!destination) return []
        return [
          {
            groupId,
            destinationId: destination.id,
            offsets: padded(commit.offsets, destination.partitions),
            unknown: commit.unknown,
          },
        ]
      })
    }),
  }
}

/** A broker names only the partitions that were committed; the others have no commit. */
function padded(offsets: (bigint | null)[], partitions: number): (bigint | null)[] {
  return offsets.length >= partitions
    ? offsets
    : [...offsets, ...Array.from({ length: partitions - offsets.length }, () => null)]
}
