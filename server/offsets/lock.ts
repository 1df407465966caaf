import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { withConnection } from "#server/store/index.ts"

/** Keeps these advisory locks apart from all others. */
const LOCK_SEED = 7246

/**
 * Runs the work while nobody else, in any process, writes offsets of this group. The lock belongs to a database session:
 * it is free at once when this process ends, however it ends. Rejects with `conflict` when somebody has it.
 */
export async function withGroupLock<Result>(
  ctx: Context,
  of: { clusterId: number; group: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const key = `${of.clusterId}/${of.group}`
  return withConnection(ctx.store, async (client, spoil) => {
    const { rows } = await client.query<{ got: boolean }>(
      "select pg_try_advisory_lock(hashtextextended($1, $2)) as got",
      [key, LOCK_SEED],
    )
    if (!rows[0]?.got)
      throw new DomainError("conflict", `Another plan for ${of.group} is being applied just now.`)
    try {
      return await work()
    } finally {
      await client.query("select pg_advisory_unlock(hashtextextended($1, $2))", [key, LOCK_SEED]).catch(spoil)
    }
  })
}
