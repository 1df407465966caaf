import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { pageNumber } from "#server/inputs.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { labels as labelsSchema } from "../matcher.ts"
import { rule as ruleSchema, SEVERITIES, type Severity } from "../rule.ts"
import type { AlertList, AlertRow } from "../views.ts"

export const listAlertsInput = z.object({
  /** active: pending and firing; resolved: what is over, the latest first. */
  state: z.enum(["active", "resolved"]).default("active"),
  /** Slugs; absent: all that one may see. */
  clusters: z.array(z.string()).max(100).optional(),
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})

const SELECT = {
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
    state: { in: input.state === "active" ? ["pending", "firing"] : ["resolved"] },
  }
  const order =
    input.state === "active"
      ? // firing before pending, and critical before info before warning: sorted again below within a page of one state
        [{ state: "asc" as const }, { severity: "asc" as const }, { startedAt: "desc" as const }]
      : [{ resolvedAt: "desc" as const }]
  const [rows, total, firing] = await Promise.all([
    prisma.alert.findMany({
      where,
      select: SELECT,
      orderBy: order,
      skip: (input.page - 1) * input.pageSize,
      take: input.pageSize,
    }),
    prisma.alert.count({ where }),
    countFiring(ctx, input.clusters),
  ])
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert cannot be read")
  const read = readEach(rows, toRow, report)
  return { rows: input.state === "active" ? read.sort(worstFirst) : read, total, firing }
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

/** The alerts that somebody may see, as a condition. */
export function visible(actor: Actor, clusters?: readonly string[]) {
  const seen = visibleClusters(actor)
  if (seen === "all") return clusters === undefined ? {} : { cluster: { slug: { in: [...clusters] } } }
  const slugs = clusters === undefined ? [...seen] : clusters.filter((slug) => seen.includes(slug))
  return { cluster: { slug: { in: slugs } } }
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

function toRow(row: Stored): AlertRow {
  const of = `Alert ${row.id}`
  const { name, signal, advice, runbook } = readDocument(
    ruleSchema,
    row.rule.definition,
    `The rule of alert ${row.id}`,
  )
  const { acknowledgedAt: at, acknowledgedBy: by, comment } = row
  return {
    id: String(row.id),
    rule: name,
    signal,
    state: readDocument(state, row.state, of),
    severity: readDocument(severity, row.severity, of),
    cluster: row.cluster?.slug ?? null,
    labels: readDocument(labelsSchema, row.labels, of),
    sentence: row.sentence,
    advice,
    runbook,
    startedAt: row.startedAt.getTime(),
    firedAt: row.firedAt?.getTime() ?? null,
    resolvedAt: row.resolvedAt?.getTime() ?? null,
    flapping: row.flapping,
    acknowledged: at === null ? null : { by: by ?? "", at: at.getTime(), comment },
  }
}

function worstFirst(a: AlertRow, b: AlertRow): number {
  const rank = (row: AlertRow) => (row.state === "firing" ? 10 : 0) + SEVERITIES.indexOf(row.severity)
  return rank(b) - rank(a) || b.startedAt - a.startedAt
}
