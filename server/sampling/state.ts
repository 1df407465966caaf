import type { PoolClient } from "pg"
import type { Problem, Sampled } from "#server/brokers/broker.ts"
import { GROUP_STATUSES } from "#server/group-status.ts"
import type { GroupEvaluation } from "#server/lag/index.ts"
import type { Inventory } from "./inventory.ts"

/** Rates of destinations over the last minute, by id, in messages a second. */
export type Rates = ReadonlyMap<number, number>

export interface SweepState {
  clusterId: number
  sampled: Sampled
  inventory: Inventory
  evaluations: GroupEvaluation[]
  rates: Rates
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
    lag: one.totals.lag,
    time_lag_ms: round(one.totals.timeLag),
    lost: one.totals.lost,
    produce_rate: one.totals.produceRate,
    consume_rate: one.totals.consumeRate,
    caught_up_in_ms: forecast(one.totals.caughtUpIn),
    lost_in_ms: forecast(one.totals.lostIn),
    no_commit_partitions: one.noCommit.partitions,
    no_commit_messages: one.noCommit.messages,
    problems: problems.get(one.id) ?? [],
  }))
  await client.query(
    `insert into group_state (group_id, sampled_at, status, severity, rule, since, sentence, lag, time_lag_ms, lost,
       produce_rate, consume_rate, caught_up_in_ms, lost_in_ms, no_commit_partitions, no_commit_messages, problems)
     select group_id, $2, status, severity, rule, since, sentence, lag, time_lag_ms, lost, produce_rate, consume_rate,
       caught_up_in_ms, lost_in_ms, no_commit_partitions, no_commit_messages, problems
     from jsonb_to_recordset($1) as x(group_id int, status text, severity int, rule text, since timestamptz,
       sentence text, lag bigint, time_lag_ms bigint, lost bigint, produce_rate float8, consume_rate float8,
       caught_up_in_ms bigint, lost_in_ms bigint, no_commit_partitions int, no_commit_messages bigint, problems jsonb)
     on conflict (group_id) do update set sampled_at = excluded.sampled_at, status = excluded.status,
       severity = excluded.severity, rule = excluded.rule, since = excluded.since, sentence = excluded.sentence,
       lag = excluded.lag, time_lag_ms = excluded.time_lag_ms, lost = excluded.lost,
       produce_rate = excluded.produce_rate, consume_rate = excluded.consume_rate,
       caught_up_in_ms = excluded.caught_up_in_ms, lost_in_ms = excluded.lost_in_ms,
       no_commit_partitions = excluded.no_commit_partitions, no_commit_messages = excluded.no_commit_messages,
       problems = excluded.problems`,
    [JSON.stringify(rows), at],
  )
}

async function writeGroupDestinations(client: PoolClient, state: SweepState): Promise<void> {
  const rows = state.evaluations.flatMap((group) =>
    group.byDestination.map((one) => ({
      group_id: group.id,
      destination_id: one.destinationId,
      status: one.status,
      lag: one.lag,
      time_lag_ms: round(one.timeLag),
      lost: one.lost,
    })),
  )
  const json = JSON.stringify(rows)
  await client.query(
    `insert into group_destination (group_id, destination_id, status, lag, time_lag_ms, lost)
     select * from jsonb_to_recordset($1) as x(group_id int, destination_id int, status text, lag bigint,
       time_lag_ms bigint, lost bigint)
     on conflict (group_id, destination_id) do update set status = excluded.status, lag = excluded.lag,
       time_lag_ms = excluded.time_lag_ms, lost = excluded.lost`,
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
    return [{ id, messages: kept(one.starts, one.ends), produce_rate: state.rates.get(id) ?? null }]
  })
  await client.query(
    `update destination d set messages = x.messages, produce_rate = x.produce_rate
     from jsonb_to_recordset($1) as x(id int, messages bigint, produce_rate float8)
     where d.id = x.id and (d.messages, d.produce_rate) is distinct from (x.messages, x.produce_rate)`,
    [JSON.stringify(rows)],
  )
}

async function writeCluster(client: PoolClient, state: SweepState, at: string): Promise<void> {
  const produced = [...state.rates.values()].reduce((sum, rate) => sum + rate, 0)
  const consumed = state.evaluations.reduce((sum, one) => sum + (one.totals.consumeRate ?? 0), 0)
  const { cost, problems } = state.sampled
  await client.query(
    `insert into cluster_state (cluster_id, sampled_at, error, problems, sweep_ms, sweep_requests, sweep_bytes_in,
       produce_rate, consume_rate)
     values ($1, $2, null, jsonb_build_object('sweep', $3::jsonb), $4, $5, $6, $7, $8)
     on conflict (cluster_id) do update set sampled_at = excluded.sampled_at, error = null,
       problems = case jsonb_typeof(cluster_state.problems) when 'object' then cluster_state.problems else '{}' end || excluded.problems,
       sweep_ms = excluded.sweep_ms, sweep_requests = excluded.sweep_requests,
       sweep_bytes_in = excluded.sweep_bytes_in, produce_rate = excluded.produce_rate,
       consume_rate = excluded.consume_rate`,
    [
      state.clusterId,
      at,
      JSON.stringify(problems.slice(0, 200)),
      Math.round(cost.ms),
      cost.requests,
      cost.bytesIn,
      produced,
      consumed,
    ],
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
