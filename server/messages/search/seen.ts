import { identityOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { hidesAny } from "../masking/mask.ts"
import { maskFor } from "../masking/mask-for.ts"
import { type Job, readJob } from "./job.ts"

/** A search that the actor may see (see `maySee`). Rejects with `not_found`, and with `forbidden`. */
export async function readSeenJob(ctx: Context, input: { cluster: string; id: string }): Promise<Job> {
  const job = await readJob(ctx, input)
  if (await maySee(ctx, job)) return job
  throw new DomainError(
    "forbidden",
    `This search read messages of ${job.destination} that are masked for you. Only its author, and people who have unmasked the topic, can see it.`,
  )
}

/**
 * The question and the matches of a search that read unmasked messages reveal what these say: only its author, and
 * people who have unmasked them too, may see it.
 */
export async function maySee(
  ctx: Context,
  job: Pick<Job, "cluster" | "destination" | "masked" | "createdAs">,
): Promise<boolean> {
  if (job.masked || job.createdAs === identityOf(ctx.actor)) return true
  const { mask } = await maskFor(ctx, job.cluster, job.destination)
  return !hidesAny(mask)
}
