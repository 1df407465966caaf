import type { Context } from "#server/context.ts"
import { type SearchView, viewOf } from "./follow.ts"
import { readJobs } from "./job.ts"
import { maySee } from "./seen.ts"

/** What has said nothing for so long, in ms, is not worth being read: `viewOf` judges the others. */
const LATELY = 60_000

/** Searches that run, or wait until there is room, on these clusters; the latest first. */
export async function listRunningSearches(
  ctx: Context,
  clusters: "all" | readonly string[],
): Promise<(SearchView & { cluster: string })[]> {
  const theirs = clusters === "all" ? {} : { cluster: { slug: { in: [...clusters] } } }
  const lately = { heartbeatAt: { gt: new Date(ctx.now() - LATELY) } }
  const where = { ...theirs, ...lately, state: { in: ["queued", "running"] } }
  const jobs = await readJobs(ctx, where, 50)
  const seen = await Promise.all(jobs.map(async (job) => ((await maySee(ctx, job)) ? [job] : [])))
  const views = seen.flat().map((job) => ({ ...viewOf(job, ctx.now()), cluster: job.cluster }))
  return views.filter((one) => one.state === "queued" || one.state === "running")
}
