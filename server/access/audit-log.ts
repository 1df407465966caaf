import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { pageNumber, text, time } from "#server/inputs.ts"
import { clustersWith } from "./permissions.ts"

/** `begun`: its result was not written (yet). */
export const AUDIT_RESULTS = ["ok", "refused", "failed", "begun"] as const

/** What may be asked of the log; times are ms since the epoch. */
export const auditFilter = z.object({
  who: text(200).default(""),
  what: text(200).default(""),
  cluster: text(100).default(""),
  result: z.array(z.enum(AUDIT_RESULTS)).default([]),
  from: time.optional(),
  to: time.optional(),
})

export const listAuditInput = auditFilter.extend({
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})

export interface AuditRow {
  id: string
  at: number
  actor: string
  from: string | null
  action: string
  target: string
  cluster: string | null
  result: (typeof AUDIT_RESULTS)[number]
  reason: string | null
}

export interface AuditDetail extends AuditRow {
  before?: unknown
  after?: unknown
}

interface Stored extends Omit<AuditDetail, "at"> {
  at: Date
}

/*
  What the actor may see of the log: an administrator of all clusters all of it ($7 null), else the acts on the clusters
  that are theirs to administer. An act on a broker is two rows, its begin and its result; it shows as the result, or as
  begun while there is none (up to the row $8, for a file that is written while the log goes on).
*/
const SEEN = `($7::text[] is null or cluster = any($7)) and (result <> 'begun' or not exists
  (select 1 from audit_entry ended where ended.begun_id = audit_entry.id and ($8::bigint is null or ended.id <= $8)))`
const COLUMNS = `id::text, at, actor, "from", action, target, cluster, result, reason`
const MATCHING = `($1 = '' or position(lower($1) in lower(actor)) > 0) and ($2 = '' or position(lower($2) in lower(action)) > 0)
  and ($3 = '' or cluster = $3) and (cardinality($4::text[]) = 0 or result = any($4))
  and ($5::float8 is null or at >= to_timestamp($5 / 1000)) and ($6::float8 is null or at <= to_timestamp($6 / 1000))
  and ${SEEN}`

/** One page of the audit log, the latest first. */
export async function listAudit(
  ctx: Context,
  input: z.output<typeof listAuditInput>,
): Promise<{ rows: AuditRow[]; total: number }> {
  const matching = [...parametersOf(ctx, input), null]
  const [page, counted] = await Promise.all([
    ctx.store.pool.query<Omit<Stored, "before" | "after">>(
      `select ${COLUMNS} from audit_entry where ${MATCHING} order by at desc, audit_entry.id desc limit $9 offset $10`,
      [...matching, input.pageSize, (input.page - 1) * input.pageSize],
    ),
    ctx.store.pool.query<{ total: string }>(
      `select count(*) as total from audit_entry where ${MATCHING}`,
      matching,
    ),
  ])
  const rows = page.rows.map((row) => ({ ...row, at: row.at.getTime() }))
  return { rows, total: Number(counted.rows[0]?.total ?? 0) }
}

export const auditEntryInput = z.object({ id: z.string().regex(/^\d{1,18}$/) })

/** One act with what was before and after, its result if it has one by now. Rejects with `not_found`. */
export async function getAuditEntry(
  ctx: Context,
  input: z.output<typeof auditEntryInput>,
): Promise<AuditDetail> {
  const { rows } = await ctx.store.pool.query<Stored>(
    `select ${COLUMNS}, before, after from audit_entry where (audit_entry.id = $1 or begun_id = $1)
       and ($2::text[] is null or cluster = any($2)) order by audit_entry.id desc limit 1`,
    [input.id, seenBy(ctx)],
  )
  const row = rows[0]
  if (!row) throw new DomainError("not_found", `The audit log has no entry ${input.id}.`)
  return { ...row, at: row.at.getTime() }
}

const BATCH = 1000

/** Everything that matches, the oldest first, read in batches; what is written meanwhile is left out. */
export async function* readAudit(
  ctx: Context,
  filter: z.output<typeof auditFilter>,
): AsyncGenerator<AuditDetail[]> {
  const newest = await ctx.store.pool.query<{ id: string }>(
    "select coalesce(max(id), 0)::text as id from audit_entry",
  )
  const matching = [...parametersOf(ctx, filter), newest.rows[0]?.id ?? "0"]
  let after = "0"
  while (true) {
    const { rows } = await ctx.store.pool.query<Stored>(
      `select ${COLUMNS}, before, after from audit_entry where ${MATCHING} and audit_entry.id > $9 and audit_entry.id <= $8 order by audit_entry.id limit ${BATCH}`,
      [...matching, after],
    )
    if (rows.length === 0) return
    yield rows.map((row) => ({ ...row, at: row.at.getTime() }))
    after = rows.at(-1)?.id ?? after
  }
}

function parametersOf(ctx: Context, filter: z.output<typeof auditFilter>): unknown[] {
  const { who, what, cluster, result, from, to } = filter
  return [who, what, cluster, result, from ?? null, to ?? null, seenBy(ctx)]
}

/** The clusters whose acts the actor may see; null: all of them, and what touches none. */
function seenBy({ actor }: Context): readonly string[] | null {
  if (actor.kind === "system") return null
  const clusters = actor.kind === "nobody" ? [] : clustersWith(actor, "admin")
  return clusters === "all" ? null : clusters
}
