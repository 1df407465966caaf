import type { Sampled } from "#server/brokers/broker.ts"
import { type Store, toJson, transaction } from "#server/store/index.ts"

/**
 * A group counts as deleted once sweeps have missed it for this long, ms, and at least two of them. While its coordinator
 * moves to another broker a group is in no broker's list, until that broker has loaded it.
 */
export const GROUP_GONE_AFTER_MS = 30_000

export interface KnownDestination {
  id: number
  name: string
  uid: string
  internal: boolean
  partitions: number
}

export interface KnownGroup {
  id: number
  name: string
  type: string
  state: string
}

/** The destinations and groups of one cluster that exist now, by name, with their ids in the store. */
export interface Inventory {
  destinations: Map<string, KnownDestination>
  groups: Map<string, KnownGroup>
  /** Groups that the last sweep did not find though every broker answered, and the moment of the first such sweep. */
  missing: ReadonlyMap<string, number>
}

export async function loadInventory(store: Store, clusterId: number): Promise<Inventory> {
  const where = { clusterId, deletedAt: null }
  const [destinations, groups] = await Promise.all([
    store.prisma.destination.findMany({
      where,
      select: { id: true, name: true, uid: true, internal: true, partitions: true },
    }),
    store.prisma.consumerGroup.findMany({ where, select: { id: true, name: true, type: true, state: true } }),
  ])
  return {
    destinations: new Map(destinations.map((one) => [one.name, one])),
    groups: new Map(groups.map((one) => [one.name, one])),
    missing: new Map(),
  }
}

export interface InventoryChange {
  newDestinations: { name: string; uid: string; internal: boolean; partitions: number }[]
  goneDestinations: number[]
  grown: { id: number; partitions: number }[]
  newGroups: { name: string; type: string; state: string }[]
  goneGroups: number[]
  changedGroups: { id: number; type: string; state: string }[]
}

/**
 * What a sweep says of the inventory. A destination of another uid is another life: the old one is gone, the new one is
 * new. What a sweep could not read never counts as gone; and a group only after GROUP_GONE_AFTER_MS in which every broker
 * answered.
 */
export function compareInventory(inventory: Inventory, sampled: Sampled): InventoryChange {
  const unread = new Set(
    sampled.problems.flatMap((problem) =>
      problem.part.kind === "destination" ? [problem.part.destination] : [],
    ),
  )
  const change: InventoryChange = {
    newDestinations: [],
    goneDestinations: [],
    grown: [],
    newGroups: [],
    goneGroups: [],
    changedGroups: [],
  }
  const seen = new Set<string>()
  for (const one of sampled.destinations) {
    seen.add(one.name)
    const known = inventory.destinations.get(one.name)
    const uid = one.uid ?? ""
    const partitions = one.ends.length
    if (known && known.uid === uid) {
      if (known.partitions !== partitions) change.grown.push({ id: known.id, partitions })
      continue
    }
    if (known) change.goneDestinations.push(known.id)
    change.newDestinations.push({ name: one.name, uid, internal: one.internal, partitions })
  }
  for (const [name, known] of inventory.destinations) {
    if (!seen.has(name) && !unread.has(name)) change.goneDestinations.push(known.id)
  }
  for (const group of sampled.groups) {
    const known = inventory.groups.get(group.name)
    const { name, type, state } = group
    if (!known) change.newGroups.push({ name, type, state })
    else if (known.type !== type || known.state !== state)
      change.changedGroups.push({ id: known.id, type, state })
  }
  for (const [name, since] of missingGroups(inventory, sampled)) {
    const known = inventory.groups.get(name)
    if (known && sampled.at - since >= GROUP_GONE_AFTER_MS) change.goneGroups.push(known.id)
  }
  return change
}

/**
 * Groups that a sweep misses, and since when: they must be missing from all sweeps since then. One in which a broker did
 * not answer says of no group that it is missing, and the time begins anew after it, as coordinators may have moved.
 */
export function missingGroups(inventory: Inventory, sampled: Sampled): Map<string, number> {
  const isPartial = sampled.problems.some(({ part }) => part.kind === "node" || part.kind === "cluster")
  if (isPartial) return new Map()
  const listed = new Set(sampled.groups.map((group) => group.name))
  const missing = [...inventory.groups.keys()].filter((name) => !listed.has(name))
  // The clock may have been set back.
  return new Map(
    missing.map((name) => [name, Math.min(inventory.missing.get(name) ?? sampled.at, sampled.at)]),
  )
}

/** Stores what changed and returns the inventory as it is then. */
export async function updateInventory(
  store: Store,
  inventory: Inventory,
  found: { clusterId: number; sampled: Sampled },
): Promise<Inventory> {
  const change = compareInventory(inventory, found.sampled)
  const size = Object.values(change).reduce((sum, list) => sum + list.length, 0)
  const missing = missingGroups(inventory, found.sampled)
  if (size === 0) return { ...inventory, missing }
  const at = new Date(found.sampled.at).toISOString()
  await transaction(store, async (client) => {
    await client.query("update destination set deleted_at = $2 where id = any($1)", [
      change.goneDestinations,
      at,
    ])
    await client.query("update consumer_group set deleted_at = $2 where id = any($1)", [
      change.goneGroups,
      at,
    ])
    await client.query(
      `insert into destination (cluster_id, name, uid, internal, partitions, first_seen_at)
       select $1, name, uid, internal, partitions, $3 from jsonb_to_recordset($2) as
       x(name text, uid text, internal boolean, partitions int)`,
      [found.clusterId, toJson(change.newDestinations), at],
    )
    await client.query(
      `update destination d set partitions = x.partitions from jsonb_to_recordset($1) as x(id int, partitions int)
       where d.id = x.id`,
      [toJson(change.grown)],
    )
    await client.query(
      `insert into consumer_group (cluster_id, name, type, state, first_seen_at)
       select $1, name, type, state, $3 from jsonb_to_recordset($2) as x(name text, type text, state text)`,
      [found.clusterId, toJson(change.newGroups), at],
    )
    await client.query(
      `update consumer_group g set type = x.type, state = x.state
       from jsonb_to_recordset($1) as x(id int, type text, state text) where g.id = x.id`,
      [toJson(change.changedGroups)],
    )
  })
  return { ...(await loadInventory(store, found.clusterId)), missing }
}
