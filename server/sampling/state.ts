import type { PoolClient } from "pg"
import type { Problem, Sampled } from "#server/brokers/broker.ts"
import { GROUP_STATUSES } from "#server/group-status.ts"
import type { GroupEvaluation } from "#server/lag/index.ts"
import { addRates, type Rate } from "#server/rates.ts"
import { toJson } from "#server/store/index.ts"
import type { Held } from "./held-back.ts"
import type { Inventory } from "./inventory.ts"

export interface SweepState {
  clusterId: number
  sampled: Sampled
  inventory: Inventory
  evaluations: GroupEvaluation[]
  /** Messages a second produced to a destination, by its id. */
  produced: (destinationId: number) => Rate
  /** Where open transactions hold messages back, by destination. */
  held: ReadonlyMap<string, readonly Held[]>
}

/** Writes what is known now: the verdicts of groups, the rates of destinations, the state of the cluster. */
export async function writeState(client: PoolClient, state: SweepState): Promise<void> {
  const at = new Date(state.sampled.at).toISOString()
  await writeGroups(client, state, at)
  await writeGroupDestinations(client, state)
  await writeDestinations(client, state)
  await writeCluster(client, state, at)
}

async function writeGroups(client: PoolClient, state: SweepState, at: string): Promise<void> {
  const problems = problemsByGroup(state)
  const rows = state.evaluations.map((one) => ({
    group_id: one.id,
    status: one.verdict.status,
    severity: GROUP_STATUSES.indexOf(one.verdict.status),
    rule: one.verdict.rule,
    since: new Date(one.verdict.since).toISOString(),
    sentence: one.verdict.sentence,
    judged_status: one.judged?.status ?? null,
    judged_since: one.judged && new Date(one.judged.since).toISOString(),
    empty_changes: one.emptyChanges.map((at) => new Date(at).toISOString()),
    lag: one.totals.lag,
    time_lag_ms: round(one.totals.timeLag),
    lost: one.totals.lost,
    partition_count: one.totals.partitionCount,
    unknown_partitions: one.totals.unknownPartitions,
    unknown_time_lags: one.totals.unknownTimeLags,
    produce_rate: one.totals.produceRate,
    consume_rate: one.totals.consumeRate,
    rates_partial: one.totals.ratesPartial,
    caught_up_in_ms: forecast(one.totals.caughtUpIn),
    lost_in_ms: forecast(one.totals.lostIn),
    no_commit_partitions: one.noCommit.partitions,
    no_commit_messages: one.noCommit.messages,
    problems: problems.get(one.id) ?? [],
  }))
  await client.query(UPSERT_GROUPS, [toJson(rows), at, state.clusterId])
}

const GROUP_COLUMNS = `status, severity, rule, since, sentence, judged_status, judged_since, empty_changes, lag, time_lag_ms, lost, partition_count,
  unknown_partitions, unknown_time_lags, produce_rate, consume_rate, rates_partial, caught_up_in_ms, lost_in_ms,
  no_commit_partitions, no_commit_messages, problems`

/** Both parts see the state as it was before: a status that differs from it is also kept in the history. */
const UPSERT_GROUPS = `with x as materialized (
    select * from jsonb_to_recordset($1) as x(group_id int, status text, severity int,
      rule text, since timestamptz, sentence text, judged_status text, judged_since timestamptz, empty_changes timestamptz[], lag bigint, time_lag_ms bigint, lost bigint, partition_count int,
      unknown_partitions int, unknown_time_lags int, produce_rate float8, consume_rate float8, rates_partial boolean,
      caught_up_in_ms bigint, lost_in_ms bigint, no_commit_partitions int, no_commit_messages bigint, problems jsonb)),
  changed as (
    insert into series.group_status (cluster_id, group_id, at, status)
    select $3, x.group_id, $2, x.status from x left join group_state s using (group_id)
    where s.status is distinct from x.status on conflict do nothing)
  insert into group_state (group_id, sampled_at, ${GROUP_COLUMNS}) select group_id, $2, ${GROUP_COLUMNS} from x
  on conflict (group_id) do update set (sampled_at, ${GROUP_COLUMNS}) =
    (excluded.sampled_at, ${GROUP_COLUMNS.replace(/\w+/g, "excluded.$&")})`

async function writeGroupDestinations(client: PoolClient, state: SweepState): Promise<void> {
  const rows = state.evaluations.flatMap((group) =>
    group.byDestination.map((one) => ({
      group_id: group.id,
      destination_id: one.destinationId,
      status: one.status,
      lag: one.lag,
      time_lag_ms: round(one.timeLag),
      lost: one.lost,
      partition_count: one.partitionCount,
      unknown_partitions: one.unknownPartitions,
      unknown_time_lags: one.unknownTimeLags,
    })),
  )
  const json = toJson(rows)
  await client.query(
    `insert into group_destination (group_id, destination_id, status, lag, time_lag_ms, lost, partition_count,
       unknown_partitions, unknown_time_lags)
     select * from jsonb_to_recordset($1) as x(group_id int, destination_id int, status text, lag bigint,
       time_lag_ms bigint, lost bigint, partition_count int, unknown_partitions int, unknown_time_lags int)
     on conflict (group_id, destination_id) do update set status = excluded.status, lag = excluded.lag,
       time_lag_ms = excluded.time_lag_ms, lost = excluded.lost, partition_count = excluded.partition_count,
       unknown_partitions = excluded.unknown_partitions, unknown_time_lags = excluded.unknown_time_lags`,
    [json],
  )
  await client.query(
    `delete from group_destination gd where group_id = any($2) and not exists (
       select 1 from jsonb_to_recordset($1) as x(group_id int, destination_id int)
       where x.group_id = gd.group_id and x.destination_id = gd.destination_id)`,
    [json, state.evaluations.map((one) => one.id)],
  )
}

async function writeDestinations(client: PoolClient, state: SweepState): Promise<void> {
  const rows = state.sampled.destinations.flatMap((one) => {
    const id = state.inventory.destinations.get(one.name)?.id
    if (id === undefined) return []
    const { perSecond, partial } = state.produced(id)
    const held = state.held.get(one.name) ?? []
    const messages = kept(one.starts, one.ends)
    return [{ id, messages, produce_rate: perSecond, rate_partial: partial, held }]
  })
  await client.query(
    `update destination d set messages = x.messages, produce_rate = x.produce_rate, rate_partial = x.rate_partial,
       held = x.held
     from jsonb_to_recordset($1)
       as x(id int, messages bigint, produce_rate float8, rate_partial boolean, held jsonb)
     where d.id = x.id and (d.messages, d.produce_rate, d.rate_partial, d.held)
       is distinct from (x.messages, x.produce_rate, x.rate_partial, x.held)`,
    [toJson(rows)],
  )
}

async function writeCluster(client: PoolClient, state: SweepState, at: string): Promise<void> {
  const produced = producedByAll(state)
  const consumed = addRates(
    state.evaluations.map(({ totals }) => ({ perSecond: totals.consumeRate, partial: totals.ratesPartial })),
  )
  const { cost, problems } = state.sampled
  await client.query(
    `insert into cluster_state (cluster_id, sampled_at, error, problems, sweep_ms, sweep_requests, sweep_bytes_in,
       produce_rate, consume_rate, produce_rate_partial, consume_rate_partial)
     values ($1, $2, null, jsonb_build_object('sweep', $3::jsonb), $4, $5, $6, $7, $8, $9, $10)
     on conflict (cluster_id) do update set sampled_at = excluded.sampled_at, error = null,
       problems = case jsonb_typeof(cluster_state.problems) when 'object' then cluster_state.problems else '{}' end || excluded.problems,
       sweep_ms = excluded.sweep_ms, sweep_requests = excluded.sweep_requests,
       sweep_bytes_in = excluded.sweep_bytes_in, produce_rate = excluded.produce_rate,
       consume_rate = excluded.consume_rate, produce_rate_partial = excluded.produce_rate_partial,
       consume_rate_partial = excluded.consume_rate_partial`,
    [
      state.clusterId,
      at,
      toJson(problems.slice(0, 200)),
      Math.round(cost.ms),
      cost.requests,
      cost.bytesIn,
      produced.perSecond,
      consumed.perSecond,
      produced.partial,
      consumed.partial,
    ],
  )
}

/** What is produced to the topics of applications; the cluster's own (offsets, transactions) are not counted. */
function producedByAll(state: SweepState): Rate {
  return addRates(
    state.sampled.destinations.flatMap((one) => {
      const id = state.inventory.destinations.get(one.name)?.id
      return one.internal || id === undefined ? [] : [state.produced(id)]
    }),
  )
}

function problemsByGroup(state: SweepState): Map<number, Problem[]> {
  const found = new Map<number, Problem[]>()
  for (const problem of state.sampled.problems) {
    if (problem.part.kind !== "group") continue
    const id = state.inventory.groups.get(problem.part.group)?.id
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), problem])
  }
  return found
}

function kept(starts: (bigint | null)[], ends: (bigint | null)[]): number | null {
  let total = 0n
  for (let i = 0; i < ends.length; i++) {
    const start = starts[i]
    const end = ends[i]
    if (typeof start !== "bigint" || typeof end !== "bigint") return null
    total += end - start
  }
  return Number(total)
}

function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}

/** -1 stands for "never". */
function forecast(ms: number | null): number | null {
  if (ms === null) return null
  return Number.isFinite(ms) ? Math.round(Math.min(ms, Number.MAX_SAFE_INTEGER)) : -1
}
