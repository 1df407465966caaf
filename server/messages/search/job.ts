import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { momentOrNull } from "#server/moment.ts"
import { readDocument, readEach, type Store } from "#server/store/index.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { type MaskPlan, maskPlan } from "../masking/mask-for.ts"
import { type PartitionProgress, partitionProgress, type Question, question } from "./question.ts"
import type { Match } from "./run.ts"

/** A job that says nothing for so long is held by nobody (ms); how often one that waits says something. */
const SILENT_AFTER_MS = 10_000
export const HEARTBEAT_MS = 2000

const jobState = z.enum(["queued", "running", "done", "stopped", "failed"])
export type JobState = z.output<typeof jobState>

export interface Job {
  id: string
  cluster: string
  destination: string
  createdBy: string
  /** Identity of who asked (server/access identityOf); null: not kept. */
  createdAs: string | null
  createdAt: number
  question: Question
  masked: boolean
  /** What was hidden from the search; null: it was not kept, or nothing was. */
  maskPlan: MaskPlan | null
  state: JobState
  reason: string | null
  heartbeatAt: number | null
  runMs: number
  finishedAt: number | null
  partitions: PartitionProgress[]
}

const SELECT = {
  id: true,
  destination: true,
  createdBy: true,
  createdAs: true,
  createdAt: true,
  question: true,
  masked: true,
  maskPlan: true,
  state: true,
  reason: true,
  heartbeatAt: true,
  runMs: true,
  finishedAt: true,
  partitions: true,
  cluster: { select: { slug: true } },
} as const

/** A job of this cluster. Rejects with `not_found`. */
export async function readJob(
  ctx: Pick<Context, "store">,
  asked: { cluster: string; id: string },
): Promise<Job> {
  const row = await ctx.store.prisma.searchJob.findFirst({
    where: { id: asked.id, cluster: { slug: asked.cluster } },
    select: SELECT,
  })
  if (!row) throw new DomainError("not_found", "Search not found.")
  return toJob(row)
}

/** Jobs that fit, the latest first. One that cannot be read is left out, and the log says why. */
export async function readJobs(
  ctx: Pick<Context, "store" | "log">,
  where: Prisma.SearchJobWhereInput,
  take: number,
): Promise<Job[]> {
  const orderBy = { createdAt: "desc" } as const
  const rows = await ctx.store.prisma.searchJob.findMany({ where, select: SELECT, orderBy, take })
  return readEach(rows, toJob, (error) => ctx.log.error({ err: error }, "a search cannot be shown"))
}

const documents = z.object({
  question,
  state: jobState,
  partitions: z.array(partitionProgress),
  maskPlan: maskPlan.nullable(),
})

function toJob(row: Prisma.SearchJobGetPayload<{ select: typeof SELECT }>): Job {
  return {
    ...row,
    ...readDocument(documents, row, `The search ${row.id}`),
    cluster: row.cluster.slug,
    createdAt: row.createdAt.getTime(),
    heartbeatAt: row.heartbeatAt?.getTime() ?? null,
    runMs: Number(row.runMs),
    finishedAt: row.finishedAt?.getTime() ?? null,
  }
}

/** Whether some process works on it, or holds it until there is room, as far as one can tell. */
export function isAlive(job: Pick<Job, "state" | "heartbeatAt">, now: number): boolean {
  const under = job.state === "running" || job.state === "queued"
  return under && job.heartbeatAt !== null && now - job.heartbeatAt < SILENT_AFTER_MS
}

/** Says of jobs that wait that somebody holds them. */
export async function keepWaiting(store: Store, ids: readonly string[]): Promise<void> {
  const mark = "update search_job set heartbeat_at = now() where id = any($1) and state = 'queued'"
  await store.pool.query(mark, [ids])
}

/**
 * Takes a job for one process. What another one still writes after that is refused (see `saveProgress`). Answers false
 * when somebody else runs it, or it was stopped before it began.
 */
export async function claimJob(store: Store, id: string, runner: string): Promise<boolean> {
  const { rowCount } = await store.pool.query(
    `update search_job set state = 'running', runner = $2, heartbeat_at = now(), stop_requested = false,
       reason = null, finished_at = null
     where id = $1 and state = 'queued'`,
    [id, runner],
  )
  return rowCount === 1
}

export interface Progress {
  partitions: readonly PartitionProgress[]
  found: readonly Match[]
  /** ms since the last time it was saved. */
  ranMs: number
}

/**
 * Writes down how far a search has come, together with what it found up to there: a search that dies finds neither less
 * nor anything twice when it goes on. `lost`: somebody else runs it now.
 */
export async function saveProgress(
  store: Store,
  job: { id: string; runner: string },
  progress: Progress,
): Promise<"go on" | "stop" | "lost"> {
  const { found } = progress
  const { rows } = await store.pool.query<{ stop_requested: boolean }>(
    `with saved as (
       update search_job set partitions = $3::jsonb, heartbeat_at = now(), run_ms = run_ms + $4
       where id = $1 and runner = $2 and state = 'running' returning id, stop_requested
     ), added as (
       insert into search_match (job_id, partition, "offset", at)
       select saved.id, m.partition, m.at_offset, to_timestamp(m.ms / 1000.0)
       from saved, unnest($5::int[], $6::bigint[], $7::float8[]) as m (partition, at_offset, ms)
       on conflict do nothing
     )
     select stop_requested from saved`,
    [
      job.id,
      job.runner,
      JSON.stringify(progress.partitions),
      Math.round(progress.ranMs),
      found.map((one) => one.partition),
      found.map((one) => String(one.offset)),
      // Of a message whose producer wrote no moment, the time stays unknown.
      found.map(({ timestamp }) => momentOrNull(timestamp)),
    ],
  )
  const [saved] = rows
  if (!saved) return "lost"
  return saved.stop_requested ? "stop" : "go on"
}

/** The end of a run. */
export async function finishJob(
  store: Store,
  job: { id: string; runner: string },
  end: { state: JobState; reason: string | null },
): Promise<void> {
  await store.pool.query(
    `update search_job set state = $3, reason = $4, runner = null, stop_requested = false,
       finished_at = case when $3 = 'queued' then null else now() end
     where id = $1 and runner = $2 and state = 'running'`,
    [job.id, job.runner, end.state, end.reason],
  )
}
