import { z } from "zod"
import type { Context } from "#server/context.ts"
import { brokerName, keyName, time } from "#server/inputs.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { type Labels, labels as labelsSchema } from "../matcher.ts"
import { rule as ruleSchema, SEVERITIES } from "../rule.ts"
import { findSignal } from "../signals/index.ts"
import { readSilences } from "../silences/read.ts"
import type { AlertTimeline, TimelineAlert } from "../views.ts"
import { type HeldSilence, heldWithin, partsOf } from "./alert-parts.ts"
import { visibleSlugs } from "./visible.ts"

/** More cannot be told apart, nor be drawn at once. */
const MAX_ALERTS = 2000

export const timelineInput = z.object({
  from: time,
  to: time,
  /** Slugs; absent or empty: all that one may see. */
  clusters: z.array(z.string().max(100)).max(100).optional(),
  /** Only alerts on this; its cluster is to be the only one of `clusters`. */
  about: z
    .union([z.strictObject({ group: brokerName }), z.strictObject({ destination: keyName })])
    .optional(),
})

interface Row {
  id: string
  rule_id: string
  fingerprint: string
  state: string
  severity: string
  labels: unknown
  sentence: string
  started_at: Date
  fired_at: Date | null
  resolved_at: Date | null
  slug: string | null
  definition: unknown
  events: { at: number; kind: string }[]
  total: string
}

/** What fired or was pending within a span, the latest alerts first, with when it was acknowledged and silenced. */
export async function alertTimeline(
  ctx: Context,
  { from, to: asked, clusters, about }: z.output<typeof timelineInput>,
): Promise<AlertTimeline> {
  const to = Math.min(asked, ctx.now())
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert or silence cannot be read")
  const [{ rows }, silences] = await Promise.all([
    ctx.store.pool.query<Row>(SQL, [
      visibleSlugs(ctx.actor, clusters),
      new Date(from),
      new Date(to),
      about ? JSON.stringify(about) : null,
      MAX_ALERTS,
    ]),
    readSilences(ctx.store.pool, from, report),
  ])
  const held = heldWithin(silences, { from, to })
  const alerts = readEach(rows, (row) => toAlert(row, held, { from, to }), report)
  return { from, to, alerts, leftOff: Number(rows[0]?.total ?? 0) - rows.length }
}

const SQL = `select a.id, a.rule_id, a.fingerprint, a.state, a.severity, a.labels, a.sentence, a.started_at, a.fired_at,
    a.resolved_at, c.slug, r.definition, count(*) over () as total, coalesce((
      select jsonb_agg(jsonb_build_object('at', floor(extract(epoch from e.at) * 1000), 'kind', e.kind) order by e.id)
      from alert_event e where e.alert_id = a.id and e.kind in ('acknowledged', 'unacknowledged')), '[]') as events
  from alert a join alert_rule r on r.id = a.rule_id left join cluster c on c.id = a.cluster_id
  where ($1::text[] is null or c.slug = any($1)) and a.started_at < $3 and (a.resolved_at is null or a.resolved_at > $2)
    and ($4::jsonb is null or a.labels @> $4)
  order by a.started_at desc, a.id desc limit $5`

const severity = z.enum(SEVERITIES)

function toAlert(row: Row, held: readonly HeldSilence[], span: { from: number; to: number }): TimelineAlert {
  const of = `Alert ${row.id}`
  const { name, signal } = readDocument(ruleSchema, row.definition, `The rule of alert ${row.id}`)
  const labels = readDocument(labelsSchema, row.labels, of)
  const episode = {
    state: row.state,
    startedAt: row.started_at.getTime(),
    firedAt: row.fired_at?.getTime() ?? null,
    resolvedAt: row.resolved_at?.getTime() ?? null,
    labels,
    events: row.events,
  }
  return {
    id: row.id,
    rule: row.rule_id,
    ruleName: name,
    severity: readDocument(severity, row.severity, of),
    series: row.fingerprint,
    name: seriesName(labels, signal),
    cluster: row.slug,
    sentence: row.sentence,
    parts: partsOf(episode, held, span),
  }
}

/** What a series is called by the labels of its alert: "payment · NumberFormatException". */
export function seriesName(labels: Labels, signal: string): string {
  const subject = findSignal(signal)?.subject
  const names = {
    failure: ["group", "destination", "exception"],
    group: ["group"],
    destination: ["destination"],
    node: ["node"],
    channel: ["channel"],
    service: ["service"],
    cluster: [],
    signalbox: [],
  }[subject ?? "cluster"]
  const known = names.flatMap((label) => labels[label] ?? [])
  if (subject === "node") return `broker ${known.join("")}`
  return known.join(" · ") || labels.cluster || "Signalbox"
}
