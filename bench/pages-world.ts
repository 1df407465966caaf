import { keepPartitions, newSweepMemory, type Store, transaction, writeSweep } from "#server/store/index.ts"

export const TOPICS = 10_000
export const GROUPS = 10_000
export const PARTITIONS = 6
const HOUR_MS = 3_600_000
const STEP_MS = 10_000

/** Fills the cluster `shop` with ten thousand topics and groups, and one hour of samples of group-0 on topic-0. */
export async function fillPages(store: Store): Promise<void> {
  const cluster = await store.prisma.cluster.findUniqueOrThrow({
    where: { slug: "shop" },
    select: { id: true },
  })
  const now = Date.now()
  await keepPartitions(store, now)
  await store.pool.query(FILL_STATE, [cluster.id, JSON.stringify(nodes())])
  await store.pool.query(FILL_TOPICS, [cluster.id, TOPICS, PARTITIONS])
  await store.pool.query(FILL_GROUPS, [cluster.id, GROUPS])
  await store.pool.query(FILL_READS, [cluster.id])
  await store.pool.query("analyze")
  await writeHour(store, { clusterId: cluster.id, from: now - HOUR_MS, to: now })
}

const FILL_STATE = `insert into cluster_state (cluster_id, sampled_at, described_at, version, nodes, produce_rate, consume_rate)
  values ($1, now(), now(), '4.3', $2, 12400, 12100)`

function nodes() {
  const ids = [1, 2, 3]
  const node = { host: "127.0.0.1", port: 9092, rack: null, controller: false, online: true, logDirs: null }
  const share = (TOPICS * PARTITIONS) / ids.length
  return {
    nodes: ids.map((id) => ({ id, ...node })),
    leaders: ids.map((id) => ({ node: id, leaders: share, replicas: TOPICS * PARTITIONS })),
  }
}

const FILL_TOPICS = `insert into destination (cluster_id, name, uid, partitions, replication_factor, messages, produce_rate,
    retention_ms, cleanup_policy)
  select $1, 'topic-' || i, 'uid-' || i, $3, 3, i * 1000, i % 97, 604800000, 'delete' from generate_series(0, $2 - 1) i`

const FILL_GROUPS = `with made as (
    insert into consumer_group (cluster_id, name, type, state, members)
    select $1, 'group-' || i, 'classic', 'stable', 3 from generate_series(0, $2 - 1) i returning id, name)
  insert into group_state (group_id, sampled_at, status, severity, rule, since, sentence, lag, time_lag_ms, lost, produce_rate,
    consume_rate)
  select id, now(), case when id % 50 = 0 then 'behind' else 'ok' end, case when id % 50 = 0 then 3 else 0 end, '8 ok',
    now() - interval '1 hour', name || ' keeps up.', id % 5000, id % 9000, 0, id % 90, id % 90 from made`

const FILL_READS = `insert into group_destination (group_id, destination_id, status, lag, time_lag_ms, lost)
  select g.id, d.id, 'ok', g.id % 5000, g.id % 9000, 0 from consumer_group g
  join destination d on d.cluster_id = g.cluster_id and d.name = 'topic-' || split_part(g.name, '-', 2)
  where g.cluster_id = $1`

async function writeHour(store: Store, span: { clusterId: number; from: number; to: number }): Promise<void> {
  const { rows } = await store.pool.query<{ group_id: number; destination_id: number }>(
    `select gd.group_id, gd.destination_id from group_destination gd join consumer_group g on g.id = gd.group_id
     where g.name = 'group-0'`,
  )
  const pair = rows[0]
  if (!pair) return
  const memory = newSweepMemory()
  const partitions = Array.from({ length: PARTITIONS }, (_, i) => i)
  await transaction(store, async (client) => {
    for (let at = span.from; at <= span.to; at += STEP_MS) {
      const end = (partition: number) => BigInt(Math.round((at - span.from) / 100) * (partition + 1) + 10_000)
      const behind = (partition: number) => end(partition) - BigInt(200 + 40 * partition)
      const { remember } = await writeSweep(
        client,
        {
          clusterId: span.clusterId,
          at,
          ms: 100,
          logs: [
            {
              destinationId: pair.destination_id,
              starts: partitions.map(() => 0n),
              ends: partitions.map(end),
            },
          ],
          commits: [
            {
              groupId: pair.group_id,
              destinationId: pair.destination_id,
              offsets: partitions.map(behind),
              unknown: [],
            },
          ],
        },
        memory,
      )
      remember()
    }
  })
}
