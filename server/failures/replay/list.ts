import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { failureInput, findFailureGroup } from "../find-failure-group.ts"
import type { ReplayView } from "../views.ts"
import { replayOrder } from "./model.ts"

export const listReplaysInput = failureInput

/** The replays of a failure group, the latest first. */
export async function listReplays(
  ctx: Context,
  input: z.output<typeof listReplaysInput>,
): Promise<ReplayView[]> {
  const { id } = await findFailureGroup(ctx, input)
  const rows = await readRows(ctx, { groupId: id }, 20)
  const reasons = await reasonsOf(ctx, rows)
  return viewsOf(ctx, rows, (row) => toView(row, reasons))
}

/** Replays that run or are paused on these clusters, the latest first, each with what it replays in a few words. */
export async function listOpenReplays(
  ctx: Context,
  clusters: "all" | readonly string[],
): Promise<(ReplayView & { of: string })[]> {
  const theirs = clusters === "all" ? {} : { cluster: { slug: { in: [...clusters] } } }
  const rows = await readRows(ctx, { ...theirs, state: { in: ["running", "paused"] } }, 50)
  const reasons = await reasonsOf(ctx, rows)
  return viewsOf(ctx, rows, (row) => ({
    ...toView(row, reasons),
    of: row.group.consumerGroup ?? row.group.destination,
  }))
}

type Where = NonNullable<Parameters<Context["store"]["prisma"]["replayJob"]["findMany"]>[0]>["where"]

function readRows(ctx: Context, where: NonNullable<Where>, take: number) {
  return ctx.store.prisma.replayJob.findMany({
    where,
    omit: { progress: true },
    include: {
      cluster: { select: { slug: true } },
      group: { select: { consumerGroup: true, destination: true } },
    },
    orderBy: { createdAt: "desc" },
    take,
  })
}

type ReplayRow = Awaited<ReturnType<typeof readRows>>[number]

/** A replay that cannot be read is left out, and the log says why. */
function viewsOf<View>(ctx: Context, rows: ReplayRow[], toView: (row: ReplayRow) => View): View[] {
  return readEach(rows, toView, (error) => ctx.log.error({ err: error }, "a replay cannot be shown"))
}

const MAX_REASONS = 3

type Reasons = Map<string, ReplayView["notSent"]>

/** Why replays have left messages out, by replay. */
async function reasonsOf(ctx: Context, rows: ReplayRow[]): Promise<Reasons> {
  const ids = rows.filter((row) => row.missing > 0).map((row) => row.id)
  if (ids.length === 0) return new Map()
  const found = await ctx.store.pool.query<{ id: string; reason: string; messages: number }>(
    `select job_id as id, left_out as reason, count(*)::int as messages from replay_item
     where job_id = any($1) and left_out is not null group by 1, 2 order by 3 desc`,
    [ids],
  )
  const byId = Map.groupBy(found.rows, (row) => row.id)
  return new Map(
    [...byId].map(([id, reasons]) => [
      id,
      reasons.slice(0, MAX_REASONS).map(({ reason, messages }) => ({ reason, messages })),
    ]),
  )
}

function toView(row: ReplayRow, reasons: Reasons): ReplayView {
  const left = row.total - row.sent - row.missing
  const order = readDocument(replayOrder, row.order, `The replay ${row.id}`)
  // The first step is measured from the start of the work, so that it looks quicker than it may go on.
  const measured = row.state === "running" ? row.rate : null
  const rate = measured === null ? null : Math.min(measured, order.rate ?? Number.POSITIVE_INFINITY)
  return {
    id: row.id,
    cluster: row.cluster.slug,
    failure: row.groupId,
    state: row.state,
    reason: row.reason,
    createdBy: row.createdBy,
    createdAt: row.createdAt.getTime(),
    finishedAt: row.finishedAt?.getTime() ?? null,
    target: order.target,
    rateLimit: order.rate,
    total: row.total,
    sent: row.sent,
    missing: row.missing,
    notSent: reasons.get(row.id) ?? [],
    failedAgain: row.failedAgain,
    rate,
    leftMs: rate !== null && rate > 0 ? Math.round((left / rate) * 1000) : null,
  }
}
