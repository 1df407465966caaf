import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { maskFor, rulesFor } from "#server/messages/index.ts"
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

async function refuseWay(ctx: Context, cluster: string, { source, target }: Way): Promise<void> {
  const [from, to] = await Promise.all([rulesFor(ctx, cluster, source), rulesFor(ctx, cluster, target)])
  const kept = new Set(to.map(sameRule))
  if (from.every((rule) => kept.has(sameRule(rule)))) return
  const { unmaskedUntil } = await maskFor(ctx, cluster, source)
  if (unmaskedUntil !== null) return
  throw new DomainError(
    "forbidden",
    `Masking rules hide parts of the messages in ${source} that nothing hides in ${target}: unmask ${source} first, or choose a target with the same rules.`,
  )
}

function sameRule({ part, kind, expression, how }: Awaited<ReturnType<typeof rulesFor>>[number]): string {
  return JSON.stringify([part, kind, expression, how])
}
