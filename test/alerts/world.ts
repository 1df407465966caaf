import type { Vault } from "#server/access/index.ts"
import { createVault } from "#server/access/secrets.ts"
import type { Grants } from "#server/actor.ts"
import { sealSettings } from "#server/alerts/channels/settings.ts"
import { AlertEvaluator } from "#server/alerts/index.ts"
import { type Rule, rule } from "#server/alerts/rule.ts"
import { Connections } from "#server/brokers/connections.ts"
import type { Context } from "#server/context.ts"
import { createLogger, type Logger } from "#server/log.ts"
import { keepPartitions, migrate, openStore, type Store, transaction } from "#server/store/index.ts"

/** What one sample says of one group. */
export type Said = Partial<Record<"lag" | "time_lag_ms", number | null>> & { status?: string }

export interface AlertWorld extends AsyncDisposable {
  store: Store
  vault: Vault
  log: Logger
  url: string
  /** What the verbs are given for somebody with these roles. `now`: the clock; default the machine's. */
  as(grants: Grants, now?: () => number): Context
  addRule(id: string, rule: Partial<Rule> & Pick<Rule, "condition">): Promise<void>
  addChannel(id: string, kind: string, settings: unknown): Promise<void>
  addCluster(slug: string): Promise<number>
  /** What evaluates the samples of a cluster. */
  evaluator(cluster: number): AlertEvaluator
  /** As when the collector of a cluster dies, and another one takes over. */
  takeOver(cluster: number): Promise<void>
  /** Stores a sample of the groups of a cluster, by name, and evaluates it in the same transaction, as the collector does. */
  sample(cluster: number, at: number, groups: Readonly<Record<string, Said>>): Promise<void>
}

/** The alerting of Signalbox on a database of its own, with samples of the test's choice in place of a broker's. */
export async function alertWorld(databaseUrl: string): Promise<AlertWorld> {
  await migrate(databaseUrl)
  const store = openStore(databaseUrl, { max: 20 })
  await keepPartitions(store, Date.now())
  const vault = createVault(Buffer.alloc(32, 7))
  const log = createLogger("test")
  const connections = new Connections({ clientId: "test", log: () => undefined })
  const evaluators = new Map<number, AlertEvaluator>()
  const evaluator = (cluster: number) => {
    const found = evaluators.get(cluster)
    if (!found) throw new Error("The cluster was not added.")
    return found
  }
  const start = (place: { id: number; slug: string; environment: string | null }) =>
    evaluators.set(place.id, new AlertEvaluator({ ...place, name: place.slug, system: "kafka" }, log))
  return {
    store,
    vault,
    log,
    url: "http://signalbox.test",
    as: (grants, now = Date.now) => ({
      ...{ store, vault, connections, log, now },
      actor: { kind: "user", id: "u", email: "ada@example.org", ...grants },
    }),
    addRule: async (id, written) => {
      const full = rule.parse({ name: id, signal: "lag", severity: "warning", ...written })
      await store.prisma.alertRule.create({
        data: { id, source: "page", updatedBy: "test", definition: full },
      })
    },
    addChannel: async (id, kind, settings) => {
      const sealed = sealSettings(vault, id, settings)
      await store.prisma.alertChannel.create({
        data: { id, name: id, kind, source: "page", settings: sealed, updatedBy: "test" },
      })
    },
    addCluster: async (slug) => {
      const { id } = await store.prisma.cluster.create({
        data: { slug, name: slug, system: "kafka", source: "page", connection: "" },
      })
      start({ id, slug, environment: null })
      return id
    },
    evaluator,
    takeOver: async (cluster) => {
      start(
        await store.prisma.cluster.findUniqueOrThrow({
          where: { id: cluster },
          select: { id: true, slug: true, environment: true },
        }),
      )
    },
    sample: async (cluster, at, groups) => {
      const evaluates = evaluator(cluster)
      const keep = await transaction(store, async (client) => {
        await client.query(
          `insert into consumer_group (cluster_id, name, type, state)
           select $1, x.name, 'classic', 'stable' from unnest($2::text[]) as x(name)
           where not exists (select 1 from consumer_group g where g.cluster_id = $1 and g.name = x.name)`,
          [cluster, Object.keys(groups)],
        )
        await client.query(
          `insert into group_state (group_id, sampled_at, status, severity, rule, since, sentence, lag, time_lag_ms,
             unknown_partitions)
           select g.id, $3, coalesce(x.said->>'status', 'ok'), 0, '', $3, 'said', (x.said->>'lag')::bigint,
             (x.said->>'time_lag_ms')::bigint, 0
           from jsonb_each($2) as x(name, said) join consumer_group g on g.cluster_id = $1 and g.name = x.name
           on conflict (group_id) do update set sampled_at = excluded.sampled_at, status = excluded.status,
             lag = excluded.lag, time_lag_ms = excluded.time_lag_ms`,
          [cluster, JSON.stringify(groups), new Date(at).toISOString()],
        )
        return evaluates.round(client, at)
      })
      keep()
    },
    [Symbol.asyncDispose]: async () => {
      await connections[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}
