import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { maskedSince, maskFor, rulesFor } from "#server/messages/index.ts"
import type { Store } from "#server/store/index.ts"
import { Prisma } from "#server/store/prisma/client.ts"

interface Way {
  source: string
  target: string
}

/**
 * What is masked must not end where it can be read: a replay to a destination that hides less than where the dead letters
 * lie is for who has unmasked these now. `letters` is the from-clause of the chosen ones. Rejects with `forbidden`.
 */
export async function refuseUnmasked(
  ctx: Context,
  of: { cluster: string; target: string | null; letters: Prisma.Sql },
): Promise<void> {
  const { rows } = await ctx.store.pool.query<Way>(
    Prisma.sql`select distinct d.name as source, coalesce(${of.target}::text, m.original_destination) as target
      ${of.letters} and coalesce(${of.target}::text, m.original_destination) is not null`,
  )
  for (const way of rows) await refuseWay(ctx, of.cluster, way)
}

async function refuseWay(ctx: Context, cluster: string, way: Way): Promise<void> {
  if (await hidesAsMuch(ctx, cluster, way)) return
  const { source, target } = way
  const { unmaskedUntil } = await maskFor(ctx, cluster, source)
  if (unmaskedUntil !== null) return
  throw new DomainError(
    "forbidden",
    `Masking rules hide parts of the messages in ${source} that nothing hides in ${target}: unmask ${source} first, or choose a target with the same rules.`,
  )
}

/** Whether whatever is hidden in the one is hidden in the other too. */
async function hidesAsMuch(
  ctx: Pick<Context, "store">,
  cluster: string,
  { source, target }: Way,
): Promise<boolean> {
  const [from, to] = await Promise.all([rulesFor(ctx, cluster, source), rulesFor(ctx, cluster, target)])
  const kept = new Set(to.map(sameRule))
  return from.every((rule) => kept.has(sameRule(rule)))
}

/**
 * The same of a replay that is under way, for as long as it lasts: why it must not go on, to be read after the name of
 * whoever started it; null: it may.
 */
export async function unmaskedBy(
  store: Store,
  of: { cluster: string; job: string; target: string | null; identity: string },
): Promise<string | null> {
  const { rows } = await store.pool.query<Way>(
    `select distinct i.destination as source, coalesce($2::text, m.original_destination) as target
     from replay_item i join failure_message m on m.id = i.letter_id
     where i.job_id = $1 and coalesce($2::text, m.original_destination) is not null`,
    [of.job, of.target],
  )
  for (const way of rows) {
    if (await hidesAsMuch({ store }, of.cluster, way)) continue
    const { cluster, identity } = of
    const masked = await maskedSince(store, { cluster, identity, destination: way.source })
    if (masked !== null)
      return `${masked}, whose masking rules hide parts that nothing hides in ${way.target}`
  }
  return null
}

function sameRule({ part, kind, expression, how }: Awaited<ReturnType<typeof rulesFor>>[number]): string {
  return JSON.stringify([part, kind, expression, how])
}
