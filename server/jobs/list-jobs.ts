import { visibleClusters } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { listOpenReplays } from "#server/failures/index.ts"
import { listRunningSearches } from "#server/messages/index.ts"

/** A long act that goes on whoever watches. */
export interface JobView {
  id: string
  cluster: string
  /** Where it is shown in full: on the page of a failure, or among a destination's messages. */
  at: { failure: number } | { destination: string }
  /** Whose messages, in a few words: the group that had given up on them, or what is searched for. */
  of: string
  state: "running" | "paused" | "queued"
  done: number
  total: number
  /** Messages a second; null: unknown or not running. */
  rate: number | null
  leftMs: number | null
}

/** The replays and searches that go on, on the clusters one may see. */
export async function listJobs(ctx: Context): Promise<JobView[]> {
  const clusters = visibleClusters(ctx.actor)
  const [replays, searches] = await Promise.all([
    listOpenReplays(ctx, clusters),
    listRunningSearches(ctx, clusters),
  ])
  return [
    ...replays.map(
      ({ id, cluster, failure, of, state, sent, missing, total, rate, leftMs }): JobView => ({
        ...{ id, cluster, of, total, rate, leftMs },
        at: { failure },
        state: state === "paused" ? "paused" : "running",
        done: sent + missing,
      }),
    ),
    ...searches.map(
      ({ id, cluster, destination, question, state, covered, records, scanned, runMs, leftMs }): JobView => ({
        ...{ id, cluster, leftMs },
        at: { destination },
        of: question.match.text,
        state: state === "queued" ? "queued" : "running",
        done: covered,
        total: records,
        rate: runMs > 0 ? (scanned * 1000) / runMs : null,
      }),
    ),
  ]
}
