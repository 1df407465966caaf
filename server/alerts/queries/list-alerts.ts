import { z } from "zod"
import type { Context } from "#server/context.ts"
import { pageNumber } from "#server/inputs.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { labels as labelsSchema } from "../matcher.ts"
import { type Explanations, readExplanations } from "../notify/explanations.ts"
import { rule as ruleSchema, SEVERITIES, type Severity } from "../rule.ts"
import { readSilences } from "../silences/read.ts"
import { type Silence, silenceOf } from "../silences/window.ts"
import type { AlertList, AlertRow } from "../views.ts"
import { visible, visibleSlugs } from "./visible.ts"

export const listAlertsInput = z.object({
  /** active: pending and firing; resolved: what is over, the latest first. */
  state: z.enum(["active", "firing", "resolved"]).default("active"),
  /** Slugs; absent or empty: all that one may see. */
  clusters: z.array(z.string().max(100)).max(100).optional(),
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})

const STATES = { active: ["pending", "firing"], firing: ["firing"], resolved: ["resolved"] }

export const SELECT = {
  id: true,
  state: true,
  severity: true,
  labels: true,
  sentence: true,
  startedAt: true,
  firedAt: true,
  resolvedAt: true,
  flapping: true,
  acknowledgedAt: true,
  acknowledgedBy: true,
  comment: true,
  cluster: { select: { slug: true } },
  rule: { select: { definition: true } },
} as const

/** Alerts of the clusters that one may see, and of Signalbox itself for those who see all. The most urgent first. */
export async function listAlerts(ctx: Context, input: z.output<typeof listAlertsInput>): Promise<AlertList> {
  const { prisma } = ctx.store
  const where = {
    ...visible(ctx.actor, input.clusters),
    state: { in: STATES[input.state] },
  }
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert or silence cannot be read")
  const [ids, total, firing, silences, explanations] = await Promise.all([
    pageOfIds(ctx, input),
    prisma.alert.count({ where }),
    countFiring(ctx, input.clusters),
    readSilences(ctx.store.pool, ctx.now(), report),
    input.state === "resolved" ? null : readExplanations(ctx.store.pool, ctx.now(), report),
  ])
  const found = await prisma.alert.findMany({ where: { id: { in: ids } }, select: SELECT })
  const byId = new Map(found.map((row) => [row.id, row]))
  const inOrder = ids.flatMap((id) => byId.get(id) ?? [])
  return {
    rows: readEach(inOrder, (row) => toRow(row, { silences, explanations, now: ctx.now() }), report),
    total,
    firing,
  }
}

/** The ids of one page: what fires before what is pending, the most severe and then the latest first. */
async function pageOfIds(ctx: Context, input: z.output<typeof listAlertsInput>): Promise<bigint[]> {
  const order =
    input.state !== "resolved"
      ? "(a.state = 'firing') desc, array_position($4::text[], a.severity) desc, a.started_at desc, a.id"
      : "a.resolved_at desc, array_position($4::text[], a.severity) desc, a.id"
  const { rows } = await ctx.store.pool.query<{ id: string }>(
    `select a.id from alert a left join cluster c on c.id = a.cluster_id
     where a.state = any($5) and ($1::text[] is null or c.slug = any($1))
     order by ${order} limit $2 offset $3`,
    [
      visibleSlugs(ctx.actor, input.clusters),
      input.pageSize,
      (input.page - 1) * input.pageSize,
      [...SEVERITIES],
      STATES[input.state],
    ],
  )
  return rows.map(({ id }) => BigInt(id))
}

/** How many alerts fire that nobody has acknowledged, by severity. */
export async function countFiring(
  ctx: Context,
  clusters?: readonly string[],
): Promise<Record<Severity, number>> {
  const groups = await ctx.store.prisma.alert.groupBy({
    by: ["severity"],
    where: { ...visible(ctx.actor, clusters), state: "firing", acknowledgedAt: null },
    _count: true,
  })
  const of = (severity: Severity) => groups.find((one) => one.severity === severity)?._count ?? 0
  return { info: of("info"), warning: of("warning"), critical: of("critical") }
}

interface Stored {
  id: bigint
  state: string
  severity: string
  labels: unknown
  sentence: string
  startedAt: Date
  firedAt: Date | null
  resolvedAt: Date | null
  flapping: boolean
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  comment: string | null
  cluster: { slug: string } | null
  rule: { definition: unknown }
}

const state = z.enum(["pending", "firing", "resolved"])
const severity = z.enum(SEVERITIES)

interface Around {
  silences: readonly Silence[]
  /** null: the alert is over. */
  explanations: Explanations | null
  now: number
}

export function toRow(row: Stored, { silences, explanations, now }: Around): AlertRow {
  const of = `Alert ${row.id}`
  const { name, signal, advice, runbook } = readDocument(
    ruleSchema,
    row.rule.definition,
    `The rule of alert ${row.id}`,
  )
  const { acknowledgedAt: at, acknowledgedBy: by, comment } = row
  const labels = readDocument(labelsSchema, row.labels, of)
  const silence = row.state === "resolved" ? null : silenceOf(silences, labels, now)
  return {
    id: String(row.id),
    rule: name,
    signal,
    state: readDocument(state, row.state, of),
    severity: readDocument(severity, row.severity, of),
    cluster: row.cluster?.slug ?? null,
    labels,
    sentence: row.sentence,
    advice,
    runbook,
    startedAt: row.startedAt.getTime(),
    firedAt: row.firedAt?.getTime() ?? null,
    resolvedAt: row.resolvedAt?.getTime() ?? null,
    flapping: row.flapping,
    acknowledged: at === null ? null : { by: by ?? "", at: at.getTime(), comment },
    silence: silence && { id: silence.id, endsAt: silence.endsAt },
    explainedBy: explanations?.causeOf({ id: String(row.id), labels }) ?? null,
    explains: explanations?.explainedBy(String(row.id)) ?? 0,
  }
}
