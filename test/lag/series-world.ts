import { createVault } from "#server/access/index.ts"
import { Connections } from "#server/brokers/connections.ts"
import type { Context } from "#server/context.ts"
import { createLogger } from "#server/log.ts"
import { newSweepMemory, transaction, writeSweep } from "#server/store/index.ts"
import { storeWorld } from "#test/store/world.ts"

export const STEP = 10_000

/** An offset; "none": no commit; null: the broker could not say. */
export type Offset = number | "none" | null

/** What one sweep saw of a topic, and of the groups that commit on it; absent: it was not sampled. */
export interface Seen {
  starts?: (number | null)[]
  ends: (number | null)[]
  /** By group; empty: it has none here; null: the group could not be read. */
  commits?: Record<string, Offset[] | null>
}

/** Sweeps of a made-up cluster, written as a collector writes them: the history queries read nothing else. */
export async function seriesWorld(now = Math.floor(Date.now() / STEP) * STEP) {
  const world = await storeWorld(now)
  const { store, clusterId } = world
  const connections = new Connections({ clientId: "signalbox-test", log: () => undefined })
  const ctx: Context = {
    store,
    vault: createVault(Buffer.alloc(32, 7)),
    connections,
    actor: { kind: "system" },
    log: createLogger("test"),
    now: () => now,
  }
  const memory = newSweepMemory()
  const ids = { topics: new Map<string, number>(), groups: new Map<string, number>() }
  const topicId = async (name: string, partitions: number) => {
    const known = ids.topics.get(name)
    if (known !== undefined) return known
    const { id } = await store.prisma.destination.create({ data: { clusterId, name, partitions } })
    ids.topics.set(name, id)
    return id
  }
  const groupId = async (name: string) => {
    const known = ids.groups.get(name)
    if (known !== undefined) return known
    const data = { clusterId, name, type: "classic", state: "stable" }
    const { id } = await store.prisma.consumerGroup.create({ data })
    ids.groups.set(name, id)
    return id
  }
  const sweep = async (at: number, topics: Record<string, Seen>) => {
    const logs: Parameters<typeof writeSweep>[1]["logs"] = []
    const commits: Parameters<typeof writeSweep>[1]["commits"] = []
    const [readGroups, unknownGroups] = [new Set<number>(), new Set<number>()]
    for (const [name, seen] of Object.entries(topics)) {
      const destinationId = await topicId(name, seen.ends.length)
      const starts = seen.starts ?? seen.ends.map((end) => (end === null ? null : 0))
      logs.push({ destinationId, starts: starts.map(toBigInt), ends: seen.ends.map(toBigInt) })
      for (const [group, offsets] of Object.entries(seen.commits ?? {})) {
        const id = await groupId(group)
        if (offsets === null) unknownGroups.add(id)
        else {
          readGroups.add(id)
          if (offsets.length === 0) continue
          const unknown = offsets.flatMap((offset, i) => (offset === null ? [i] : []))
          commits.push({ groupId: id, destinationId, offsets: offsets.map(toBigInt), unknown })
        }
      }
    }
    const stored = {
      clusterId,
      at,
      ms: 1,
      logs,
      commits,
      readGroups: [...readGroups],
      unknownGroups: [...unknownGroups],
    }
    ;(await transaction(store, (client) => writeSweep(client, stored, memory))).remember()
  }
  return {
    ...world,
    ctx,
    now,
    ids,
    sweep,
    /** One sweep every ten seconds, the last of them now; null: none was taken. */
    sweeps: async (seen: readonly (Record<string, Seen> | null)[]) => {
      for (const [i, one] of seen.entries()) if (one) await sweep(now - (seen.length - 1 - i) * STEP, one)
    },
    [Symbol.asyncDispose]: async () => {
      await connections[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

function toBigInt(offset: Offset): bigint | null {
  return typeof offset === "number" ? BigInt(offset) : null
}
