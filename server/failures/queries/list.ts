import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { pageNumber } from "#server/inputs.ts"
import { isName } from "../frame.ts"
import { MASKED_SENTENCE, maskedGroups } from "../masked-groups.ts"
import { FAILURE_STATES, type FailureRow, type FailureState } from "../views.ts"

const filter = z.string().trim().max(300).optional()

export const listFailuresInput = z.object({
  /** Slugs; absent: all that one may see. */
  clusters: z.array(z.string()).max(100).optional(),
  /** active: open and regressed. */
  state: z.enum(["active", "all", ...FAILURE_STATES]).default("active"),
  search: filter,
  group: filter,
  destination: filter,
  assignee: filter,
  sort: z.enum(["worst", "latest", "oldest", "most"]).default("worst"),
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})

export interface FailureList {
  rows: FailureRow[]
  total: number
  /** By state, whatever state was asked for. */
  counts: Record<FailureState, number>
}

const STEP_MS = 300_000
const STEPS = 36

const ORDERS = {
  worst: `(g.state in ('regressed', 'open')) desc, recent desc, g.last_seen_at desc`,
  latest: "g.last_seen_at desc",
  oldest: "g.first_seen_at",
  most: "g.messages desc",
}

/** Failure groups of the clusters one may see; by default the worst first: those of which most died in the last hour. */
export async function listFailures(
  ctx: Context,
  input: z.output<typeof listFailuresInput>,
): Promise<FailureList> {
  const where = `c.slug = any($1) and ($2 = '' or g.message ilike $2 and g.id <> all($6) or g.exception_type ilike $2
      or g.consumer_group ilike $2 or g.destination ilike $2)
    and ($3::text is null or g.consumer_group = $3) and ($4::text is null or g.destination = $4)
    and ($5::text is null or g.assignee = $5)`
  const clusters = await slugs(ctx, input.clusters)
  // A search must not find a sentence that is not shown; without one, only what is shown has to be looked up.
  const unsearched = input.search ? await maskedGroups(ctx, clusters) : null
  const values = [
    clusters,
    input.search ? `%${input.search.replace(/[\\%_]/g, "\\$&")}%` : "",
    input.group ?? null,
    input.destination ?? null,
    input.assignee ?? null,
    [...(unsearched ?? [])],
  ]
  const states =
    input.state === "all" ? FAILURE_STATES : input.state === "active" ? ["open", "regressed"] : [input.state]
  const [found, counted] = await Promise.all([
    ctx.store.pool.query<Row>(
      `select g.id, c.slug, c.name, g.state, g.assignee, g.exception_type, g.message, g.consumer_group, g.destination,
         g.first_seen_at, g.last_seen_at, g.messages::float8 as messages, g.failed_again::float8 as failed_again,
         coalesce((select sum(m.messages) from failure_minute m
           where m.group_id = g.id and m.minute > $8::timestamptz - interval '1 hour'), 0)::float8 as recent
       from failure_group g join cluster c on c.id = g.cluster_id
       where ${where} and g.state = any($7) order by ${ORDERS[input.sort]}, g.id limit $9 offset $10`,
      [
        ...values,
        states,
        new Date(ctx.now()).toISOString(),
        input.pageSize,
        (input.page - 1) * input.pageSize,
      ],
    ),
    ctx.store.pool.query<{ state: FailureState; count: number }>(
      `select g.state, count(*)::int as count from failure_group g join cluster c on c.id = g.cluster_id
       where ${where} group by g.state`,
      values,
    ),
  ])
  const ids = found.rows.map((row) => row.id)
  const [trends, masked] = await Promise.all([
    readTrends(ctx, found.rows),
    unsearched ?? maskedGroups(ctx, clusters, ids),
  ])
  const counts = { open: 0, regressed: 0, resolved: 0, ignored: 0 }
  for (const row of counted.rows) counts[row.state] = row.count
  return {
    rows: found.rows.map((row) => ({
      ...toRow(row),
      ...(masked.has(row.id) ? { message: MASKED_SENTENCE, type: shownType(row) } : {}),
      trend: trends.get(row.id) ?? [],
    })),
    total: states.reduce((sum, state) => sum + counts[state as FailureState], 0),
    counts,
  }
}

/** How many failure groups wait for somebody: the badge beside the page's name. */
export async function countFailures(ctx: Context): Promise<{ active: number }> {
  const { rows } = await ctx.store.pool.query<{ active: number }>(
    `select count(*)::int as active from failure_group g join cluster c on c.id = g.cluster_id
     where g.state in ('open', 'regressed') and c.slug = any($1)`,
    [await slugs(ctx, undefined)],
  )
  return { active: rows[0]?.active ?? 0 }
}

/** Never more than one may see. */
async function slugs(ctx: Context, asked: readonly string[] | undefined): Promise<string[]> {
  const visible = visibleClusters(ctx.actor)
  if (asked) return asked.filter((slug) => visible === "all" || visible.includes(slug))
  if (visible !== "all") return [...visible]
  const all = await ctx.store.prisma.cluster.findMany({ select: { slug: true } })
  return all.map((one) => one.slug)
}

interface Row {
  id: number
  slug: string
  name: string
  state: FailureState
  assignee: string | null
  exception_type: string | null
  message: string
  consumer_group: string | null
  destination: string
  first_seen_at: Date
  last_seen_at: Date
  messages: number
  failed_again: number
}

function toRow(row: Row): Omit<FailureRow, "trend"> {
  return {
    id: row.id,
    cluster: row.slug,
    clusterName: row.name,
    state: row.state,
    assignee: row.assignee,
    type: shortType(row.exception_type),
    message: row.message,
    consumerGroup: row.consumer_group,
    destination: row.destination,
    firstSeenAt: row.first_seen_at.getTime(),
    lastSeenAt: row.last_seen_at.getTime(),
    messages: row.messages,
    failedAgain: row.failed_again,
  }
}

/** The class, unless it looks like a value. */
function shownType(row: Row): string | null {
  const type = shortType(row.exception_type)
  return type !== null && isName(type) ? type : null
}

/** java.lang.NumberFormatException → NumberFormatException */
export function shortType(type: string | null): string | null {
  return type?.split(/[.$\\]/).at(-1) || type
}

async function readTrends(ctx: Context, rows: readonly { id: number }[]): Promise<Map<number, number[]>> {
  const end = Math.floor(ctx.now() / STEP_MS) * STEP_MS + STEP_MS
  const begin = end - STEPS * STEP_MS
  const found = await ctx.store.pool.query<{ group_id: number; step: number; messages: number }>(
    `select group_id, floor(extract(epoch from minute - $2::timestamptz) / $3)::int as step, sum(messages)::float8 as messages
     from failure_minute where group_id = any($1) and minute >= $2 and minute < $4 group by 1, 2`,
    [rows.map((row) => row.id), new Date(begin).toISOString(), STEP_MS / 1000, new Date(end).toISOString()],
  )
  const trends = new Map(rows.map((row) => [row.id, Array.from({ length: STEPS }, () => 0)]))
  for (const { group_id, step, messages } of found.rows) trends.get(group_id)?.splice(step, 1, messages)
  return trends
}
