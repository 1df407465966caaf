import type { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import type { Store } from "#server/store/index.ts"
import { minutesOf, type serviceInput } from "./range.ts"
import { readCalls } from "./read-calls.ts"
import { type Red, RedSum, sumIn } from "./red.ts"

/** A consumer group as its broker declares it. */
export interface DeclaredGroup {
  cluster: string
  group: string
  status: string
  /** Messages; null: unknown. */
  lag: number | null
  timeLagMs: number | null
}

/** What a service calls, queries, sends to or receives from. */
export interface ServicePeer extends Red {
  role: "calls" | "queries" | "sends" | "receives"
  system: string
  /** A host, a database or a destination. */
  name: string
  /** Of what is received: the consumer group; "" where the instrumentation sends none. */
  reader: string
  /** Clusters that the reader may see and that have a destination of this name. */
  clusters: string[]
  /**
   * Groups that read it, with their lag: the one that the spans name, or else, since some instrumentations name none, every
   * group with a commit on it. Empty for what is no Kafka topic.
   */
  groups: DeclaredGroup[]
  /** Whether the groups are only those that may be meant. */
  isGuess: boolean
}

/** What a service leads to, the most calls first; destinations with the lag of the groups that read them. */
export async function listPeers(
  ctx: Pick<Context, "store" | "actor" | "now">,
  { service, ...input }: z.output<typeof serviceInput>,
): Promise<ServicePeer[]> {
  const { store, actor } = ctx
  const byPeer = new Map<number, RedSum>()
  for await (const row of readCalls(store, minutesOf(input, ctx.now()), service))
    if (row.peer_id !== 0) sumIn(byPeer, row.peer_id).add(row)
  const { rows: peers } = await store.pool.query<PeerRow>(
    "select id, role, system, name, reader from traces.peer where id = any($1)",
    [[...byPeer.keys()]],
  )
  const names = peers.filter((peer) => peer.system === "kafka").map((peer) => peer.name)
  const declared = await readDeclared(store, { names, actor })
  return peers
    .map(({ id, ...peer }) => {
      const of = peer.system === "kafka" ? declared.filter((one) => one.destination === peer.name) : []
      return {
        ...{ ...peer, ...(byPeer.get(id) ?? new RedSum()).toRed() },
        clusters: [...new Set(of.map((one) => one.cluster))].sort(),
        groups: peer.role === "receives" ? groupsOf(of, peer.reader) : [],
        isGuess: peer.role === "receives" && peer.reader === "",
      }
    })
    .sort((a, b) => b.calls - a.calls)
}

interface PeerRow {
  id: number
  role: ServicePeer["role"]
  system: string
  name: string
  reader: string
}

interface Declared {
  cluster: string
  destination: string
  group: string | null
  status: string | null
  lag: string | null
  time_lag_ms: string | null
}

function groupsOf(declared: readonly Declared[], reader: string): DeclaredGroup[] {
  return declared.flatMap(({ cluster, group, status, lag, time_lag_ms }) =>
    group === null || (reader !== "" && group !== reader)
      ? []
      : {
          ...{ cluster, group, status: status ?? "unknown" },
          lag: lag === null ? null : Number(lag),
          timeLagMs: time_lag_ms === null ? null : Number(time_lag_ms),
        },
  )
}

/** Topics of these names in the clusters that whoever asks may see, and the groups with a commit on them. */
async function readDeclared(
  store: Store,
  { names, actor }: { names: readonly string[]; actor: Actor },
): Promise<Declared[]> {
  if (names.length === 0) return []
  const visible = visibleClusters(actor)
  const { rows } = await store.pool.query<Declared>(
    `select c.slug as cluster, d.name as destination, g.name as group, s.status, gd.lag, gd.time_lag_ms
     from destination d join cluster c on c.id = d.cluster_id
     left join group_destination gd on gd.destination_id = d.id
     left join consumer_group g on g.id = gd.group_id and g.deleted_at is null
     left join group_state s on s.group_id = g.id
     where d.name = any($1) and d.deleted_at is null and ($2::text[] is null or c.slug = any($2)) order by c.slug, g.name`,
    [names, visible === "all" ? null : [...visible]],
  )
  return rows
}
