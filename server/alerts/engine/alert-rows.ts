import { readDocument, readEach, toJson } from "#server/store/index.ts"
import { type AlertState, alertState, type Transition } from "../machine.ts"
import { type Labels, labels as labelsSchema } from "../matcher.ts"
import type { Severity } from "../rule.ts"
import type { Database } from "../signals/signal.ts"

/** An alert that is pending or firing, as an evaluator remembers it. */
export interface Held {
  /** Of its row; null: it has none yet. */
  alertId: string | null
  state: AlertState
  /** What the series is known by, for when it is gone. */
  labels: Labels
}

/** What one sample did to one alert. */
export interface Change {
  held: Held
  transition: Transition
  ruleId: string
  clusterId: number | null
  series: string
  fingerprint: string
  severity: Severity
  labels: Labels
  value: number | null
  sentence: string
}

/** An alert that goes on as it was, with another value or another memory. */
export interface Refresh {
  alertId: string
  value: number | null
  sentence: string
  state: AlertState
}

interface Row {
  id: string
  rule_id: string
  cluster_id: number | null
  series: string
  fingerprint: string
  labels: unknown
  memory: unknown
}

export interface StoredHeld extends Held {
  alertId: string
  ruleId: string
  clusterId: number | null
  series: string
  fingerprint: string
}

/** What is pending or firing of a cluster; of all clusters and Signalbox itself for 0. */
export async function loadHeld(
  db: Database,
  clusterId: number,
  report: (error: unknown) => void,
): Promise<StoredHeld[]> {
  const { rows } = await db.query<Row>(
    `select id, rule_id, cluster_id, series, fingerprint, labels, memory from alert
     where state <> 'resolved' and ($1 = 0 or cluster_id = $1)`,
    [clusterId],
  )
  const read = ({ id, rule_id, cluster_id, series, fingerprint, labels, memory }: Row) => ({
    alertId: id,
    ruleId: rule_id,
    clusterId: cluster_id,
    series,
    fingerprint,
    labels: readDocument(labelsSchema, labels, `The labels of alert ${id}`),
    state: readDocument(alertState, memory, `The memory of alert ${id}`),
  })
  return readEach(rows, read, report)
}

/** Ends alerts that no rule watches any longer: what fired is resolved, what was pending never was. */
export async function endHeld(db: Database, held: readonly StoredHeld[], at: number): Promise<void> {
  const of = (phase: AlertState["phase"]) =>
    held.filter((one) => one.state.phase === phase).map((one) => one.alertId)
  await db.query("delete from alert where id = any($1::bigint[])", [of("pending")])
  await db.query(
    `with ended as (
       update alert set state = 'resolved', resolved_at = $2 where id = any($1::bigint[]) and state = 'firing'
       returning id)
     insert into alert_event (alert_id, at, kind, note, dispatched)
     select id, $2, 'resolved', 'No rule watches it any longer.', false from ended`,
    [of("firing"), iso(at)],
  )
}

/** Writes what changed, and for whatever fired or was resolved an event that waits for its notifications. */
export async function writeChanges(db: Database, changes: readonly Change[], at: number): Promise<void> {
  const isNew = (one: Change) => one.held.alertId === null
  const [added, known] = [changes.filter(isNew), changes.filter((one) => !isNew(one))]
  await insertNew(
    db,
    added.filter((one) => one.transition !== "cancelled"),
    at,
  )
  const cancelled = known.filter((one) => one.transition === "cancelled").map((one) => one.held.alertId)
  if (cancelled.length > 0) await db.query("delete from alert where id = any($1::bigint[])", [cancelled])
  await updateState(
    db,
    known.filter((one) => one.transition === "fired" || one.transition === "resolved"),
    at,
  )
}

async function insertNew(db: Database, changes: readonly Change[], at: number): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map((one) => ({
    rule_id: one.ruleId,
    cluster_id: one.clusterId,
    series: one.series,
    fingerprint: one.fingerprint,
    state: one.held.state.phase,
    severity: one.severity,
    labels: one.labels,
    value: numberText(one.value),
    sentence: one.sentence,
    memory: one.held.state,
    flapping: one.held.state.flapping !== null,
    started_at: iso(one.held.state.since ?? at),
  }))
  const { rows: made } = await db.query<{
    id: string
    rule_id: string
    cluster_id: number | null
    series: string
  }>(
    `insert into alert (rule_id, cluster_id, series, fingerprint, state, severity, labels, value, sentence, memory,
       flapping, started_at, fired_at)
     select rule_id, cluster_id, series, fingerprint, state, severity, labels, value::float8, sentence, memory,
       flapping, started_at, case state when 'firing' then $2::timestamptz end
     from jsonb_to_recordset($1) as x(rule_id text, cluster_id int, series text, fingerprint text, state text,
       severity text, labels jsonb, value text, sentence text, memory jsonb, flapping boolean, started_at timestamptz)
     returning id, rule_id, cluster_id, series`,
    [toJson(rows), iso(at)],
  )
  const ids = new Map(made.map((one) => [keyOf(one.rule_id, one.cluster_id, one.series), one.id]))
  for (const one of changes) one.held.alertId = ids.get(keyOf(one.ruleId, one.clusterId, one.series)) ?? null
  await addEvents(
    db,
    changes.filter((one) => one.transition === "fired"),
    at,
  )
}

async function updateState(db: Database, changes: readonly Change[], at: number): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map((one) => ({
    id: one.held.alertId,
    state: one.transition === "fired" ? "firing" : "resolved",
    value: numberText(one.value),
    // A resolved alert keeps the last sentence that was true while it fired.
    sentence: one.transition === "fired" ? one.sentence : null,
    memory: one.held.state,
    flapping: one.held.state.flapping !== null,
  }))
  const { rows: updated } = await db.query<{ id: string }>(
    `update alert a set state = x.state, value = x.value::float8, sentence = coalesce(x.sentence, a.sentence),
       memory = x.memory, flapping = x.flapping,
       fired_at = case x.state when 'firing' then $2 else a.fired_at end,
       resolved_at = case x.state when 'resolved' then $2::timestamptz end
     from jsonb_to_recordset($1) as x(id bigint, state text, value text, sentence text, memory jsonb, flapping boolean)
     where a.id = x.id and a.state <> x.state returning a.id`,
    [toJson(rows), iso(at)],
  )
  const isUpdated = new Set(updated.map(({ id }) => id))
  const others = changes.filter(({ held }) => !isUpdated.has(held.alertId ?? ""))
  // Nothing is told twice: whoever else changed an alert has told of it. What was deleted with its cluster is told to nobody.
  if (others.length > 0 && (await areStored(db, others)))
    throw new Error("Another evaluator changed the same alerts.")
  await addEvents(
    db,
    changes.filter(({ held }) => isUpdated.has(held.alertId ?? "")),
    at,
  )
}

async function areStored(db: Database, changes: readonly Change[]): Promise<boolean> {
  const { rows } = await db.query("select 1 from alert where id = any($1::bigint[]) limit 1", [
    changes.map(({ held }) => held.alertId),
  ])
  return rows.length > 0
}

async function addEvents(db: Database, changes: readonly Change[], at: number): Promise<void> {
  const rows = changes.flatMap(({ held, transition, value }) =>
    held.alertId === null ? [] : [{ alert_id: held.alertId, kind: transition, value: numberText(value) }],
  )
  if (rows.length === 0) return
  await db.query(
    `insert into alert_event (alert_id, at, kind, value, dispatched)
     select alert_id, $2, kind, value::float8, false
     from jsonb_to_recordset($1) as x(alert_id bigint, kind text, value text)`,
    [toJson(rows), iso(at)],
  )
}

/** Writes the present values of alerts that go on. */
export async function writeRefreshes(db: Database, refreshes: readonly Refresh[]): Promise<void> {
  if (refreshes.length === 0) return
  const rows = refreshes.map(({ alertId, value, sentence, state }) => ({
    id: alertId,
    value: numberText(value),
    sentence,
    memory: state,
    flapping: state.flapping !== null,
  }))
  await db.query(
    `update alert a set value = x.value::float8, sentence = x.sentence, memory = x.memory, flapping = x.flapping
     from jsonb_to_recordset($1) as x(id bigint, value text, sentence text, memory jsonb, flapping boolean)
     where a.id = x.id and (a.value, a.sentence, a.memory) is distinct from (x.value::float8, x.sentence, x.memory)`,
    [toJson(rows)],
  )
}

/** What names an alert among those that are pending or firing. */
export function keyOf(ruleId: string, clusterId: number | null, series: string): string {
  return JSON.stringify([ruleId, clusterId, series])
}

/** JSON has no infinity; PostgreSQL reads it from text. */
function numberText(value: number | null): string | null {
  return value === null ? null : String(value)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
