import type { z } from "zod"
import { mayOn } from "#server/access/index.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { brokerName } from "#server/inputs.ts"
import type { Store } from "#server/store/index.ts"
import { minutesOf, rangeInput } from "./range.ts"
import { readCalls } from "./read-calls.ts"
import { type Red, RedSum } from "./red.ts"

export const consumersInput = rangeInput.extend({ cluster: slug, group: brokerName })

/** A service that consumes as a group, and what its spans say of the messages that it received. */
export interface Consumer extends Red {
  service: string
  /** What it consumes of what the group has commits on. */
  destinations: string[]
  /** Whether its spans name no group: it consumes the same topics, maybe as another one. */
  isGuess: boolean
}

interface Peer {
  id: number
  service: string
  name: string
  reader: string
}

/**
 * The services that consume as a consumer group, those with the most messages first; where no spans name the group, those
 * that name none and consume what the group has commits on.
 */
export async function listConsumers(
  { store, actor, now }: Pick<Context, "store" | "actor" | "now">,
  { cluster, group, ...input }: z.output<typeof consumersInput>,
): Promise<Consumer[]> {
  if (!mayOn(actor, "cluster.view", cluster))
    throw new DomainError("forbidden", `This needs the role viewer on the cluster ${cluster}.`)
  const peers = await readPeers(store, cluster, group)
  const named = peers.filter(({ reader }) => reader !== "")
  const range = minutesOf(input, now())
  const consumers: Consumer[] = []
  for (const [service, own] of Map.groupBy(named.length > 0 ? named : peers, (peer) => peer.service)) {
    const ids = new Set(own.map(({ id }) => id))
    const sum = new RedSum()
    for await (const row of readCalls(store, range, service)) if (ids.has(row.peer_id)) sum.add(row)
    const destinations = [...new Set(own.map(({ name }) => name))].sort()
    if (sum.calls > 0) consumers.push({ service, destinations, isGuess: named.length === 0, ...sum.toRed() })
  }
  return consumers.sort((a, b) => b.calls - a.calls)
}

/** What services receive of what a group has commits on, as that group or as none. */
async function readPeers(store: Pick<Store, "pool">, cluster: string, group: string): Promise<Peer[]> {
  const { rows } = await store.pool.query<Peer>(
    `select p.id, s.name as service, p.name, p.reader
     from traces.peer p join traces.service s on s.id = p.service_id
     where p.role = 'receives' and p.reader in ($2, '') and (p.system, p.name) in (
       select c.system, d.name from group_destination gd join destination d on d.id = gd.destination_id
       join consumer_group g on g.id = gd.group_id join cluster c on c.id = g.cluster_id
       where c.slug = $1 and g.name = $2 and g.deleted_at is null)`,
    [cluster, group],
  )
  return rows
}
