import { readDocument, readEach } from "#server/store/index.ts"
import { type Labels, labels as labelsSchema } from "../matcher.ts"
import { type Rule, rule as ruleSchema, type Severity } from "../rule.ts"
import type { Database } from "../signals/signal.ts"

/** An alert as notifications need it. Times in ms. */
export interface StoredAlert {
  id: string
  fingerprint: string
  state: string
  labels: Labels
  sentence: string
  value: number | null
  firedAt: number
  resolvedAt: number | null
  acknowledgedBy: string | null
  rule: Pick<Rule, "name" | "advice" | "runbook" | "owner">
  severity: Severity
}

/** An alert to which something happened that is to be told. */
export interface ChangedAlert {
  eventId: string
  event: "fired" | "resolved" | "acknowledged" | "unacknowledged" | "escalated"
  alert: StoredAlert
}

interface Row {
  id: string
  fingerprint: string
  state: string
  labels: unknown
  sentence: string
  value: number | null
  fired_at: Date | null
  started_at: Date
  resolved_at: Date | null
  acknowledged_by: string | null
  definition: unknown
}

const COLUMNS = `a.id, a.fingerprint, a.state, a.labels, a.sentence, a.value, a.fired_at, a.started_at, a.resolved_at,
  a.acknowledged_by, r.definition`

/** All alerts that fire. One that cannot be read is told to `report`. */
export async function readFiring(db: Database, report: (error: unknown) => void): Promise<StoredAlert[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from alert a join alert_rule r on r.id = a.rule_id where a.state = 'firing' order by a.id`,
    [],
  )
  return readEach(rows, toAlert, report)
}

/** The alerts that fired with the events of a span of ids (both included) and fire still; `slugs` null: of all clusters. */
export async function readFired(
  db: Database,
  of: { from: number; to: number; slugs: readonly string[] | null; limit: number },
  report: (error: unknown) => void,
): Promise<StoredAlert[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from alert a join alert_rule r on r.id = a.rule_id left join cluster c on c.id = a.cluster_id
     where a.state = 'firing' and ($3::text[] is null or c.slug = any($3)) and exists (
       select 1 from alert_event e where e.alert_id = a.id and e.kind = 'fired' and e.id between $1 and $2)
     order by a.id limit $4`,
    [of.from, of.to, of.slugs, of.limit],
  )
  return readEach(rows, toAlert, report)
}

/** A change that waits in a group to be told; `wasTold`: the group was told that the alert fires. */
export interface NoticedAlert extends ChangedAlert {
  groupId: string
  wasTold: boolean
}

interface NoticedRow extends Row {
  group_id: string
  event_id: string
  kind: ChangedAlert["event"]
  was_told: boolean
}

/** What waits in groups to be told, or is muted, in the order in which it happened. */
export async function readNoticed(
  db: Database,
  groupIds: readonly string[],
  report: (error: unknown) => void,
): Promise<NoticedAlert[]> {
  const { rows } = await db.query<NoticedRow>(
    `select n.group_id, n.event_id, n.kind, exists (
         select 1 from alert_notice b where b.alert_id = n.alert_id and b.group_id = n.group_id
           and b.kind in ('fired', 'escalated') and b.state = 'sent') as was_told, ${COLUMNS}
     from alert_notice n join alert a on a.id = n.alert_id join alert_rule r on r.id = a.rule_id
     where n.group_id = any($1::bigint[]) and n.state in ('waiting', 'muted') order by n.event_id`,
    [groupIds],
  )
  return readEach(
    rows,
    (row) => ({
      groupId: row.group_id,
      eventId: row.event_id,
      event: row.kind,
      wasTold: row.was_told,
      alert: toAlert(row),
    }),
    report,
  )
}

function toAlert(row: Row): StoredAlert {
  const { name, advice, runbook, owner, severity } = readDocument(
    ruleSchema,
    row.definition,
    `The rule of alert ${row.id}`,
  )
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    state: row.state,
    labels: readDocument(labelsSchema, row.labels, `The labels of alert ${row.id}`),
    sentence: row.sentence,
    value: row.value,
    firedAt: (row.fired_at ?? row.started_at).getTime(),
    resolvedAt: row.resolved_at?.getTime() ?? null,
    acknowledgedBy: row.acknowledged_by,
    rule: { name, advice, runbook, owner },
    severity,
  }
}
