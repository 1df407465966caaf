import { identityOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { maskFor } from "../masking/mask-for.ts"
import { PARTS } from "../masking/rule.ts"
import { type Job, readJob } from "./job.ts"

/** A search that the actor may see (see `maySee`). Rejects with `not_found`, and with `forbidden`. */
export async function readSeenJob(ctx: Context, input: { cluster: string; id: string }): Promise<Job> {
  const job = await readJob(ctx, input)
  if (await maySee(ctx, job)) return job
  const where = `This search looked into messages of ${job.destination} that are masked for you`
  throw new DomainError(
    "forbidden",
    `${where}: what it asked and found is shown to whoever unmasked the topic.`,
  )
}

/**
 * A search that looked at unmasked messages tells by its question and by what it found what they say: only its author,
 * and who has unmasked them too, may see it.
 */
export async function maySee(
  ctx: Context,
  job: Pick<Job, "cluster" | "destination" | "masked" | "createdAs">,
): Promise<boolean> {
  if (job.masked || job.createdAs === identityOf(ctx.actor)) return true
  const { mask } = await maskFor(ctx, job.cluster, job.destination)
  return PARTS.every((part) => !mask.holds(part))
}
