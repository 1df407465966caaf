import { setTimeout as sleep } from "node:timers/promises"
import { z } from "zod"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { brokerName, pageNumber } from "#server/inputs.ts"
import { readOne } from "../get-message.ts"
import { openLens } from "../lens.ts"
import { pooled } from "../pool.ts"
import { IN_LIST, type ShownMessage, showMessages } from "../shown.ts"
import { isAlive, type Job, readJobs } from "./job.ts"
import { totals } from "./range.ts"
import { maySee, readSeenJob, seenMatches } from "./seen.ts"
import type { jobInput } from "./start.ts"

const LOOK_EVERY_MS = 500
const DEADLINE_MS = 15_000
/** Messages read at a time. */
const AT_A_TIME = 8

/** A search as a page shows it. */
export interface SearchView {
  id: string
  destination: string
  createdBy: string
  createdAt: number
  question: Job["question"]
  masked: boolean
  /** `interrupted`: nobody works on it, and it did not come to its end. */
  state: Job["state"] | "interrupted"
  reason: string | null
  /** Offsets in range, and those of them that were looked at. */
  records: number
  covered: number
  /** Messages that were judged, and their bytes on the network. */
  scanned: number
  bytes: number
  matched: number
  runMs: number
  /** null: not known (yet). */
  leftMs: number | null
  /** Partitions that were not read to their end, with the reason. */
  unread: { partition: number; reason: string }[]
  /** Whether all of the range was looked at. */
  complete: boolean
}

/** How far a search has come. */
export async function getSearch(ctx: Context, input: z.output<typeof jobInput>): Promise<SearchView> {
  return viewOf(await readSeenJob(ctx, input), ctx.now())
}

/** The same whenever it changes, until the search ends. */
export async function* followSearch(
  ctx: Context,
  input: z.output<typeof jobInput>,
  signal: AbortSignal,
): AsyncGenerator<SearchView> {
  let last = ""
  while (!signal.aborted) {
    const view = await getSearch(ctx, input)
    const now = JSON.stringify(view)
    if (now !== last) yield view
    last = now
    if (view.state !== "queued" && view.state !== "running") return
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}

const LEFT = {
  queued: "The process that was to run it no longer exists. Resume starts it.",
  running: "The process that ran it no longer exists. Resume continues from there.",
}

export function viewOf(job: Job, now: number): SearchView {
  const { partitions, runMs } = job
  const sum = totals(partitions)
  const under = job.state === "running" || job.state === "queued" ? job.state : null
  const left = under !== null && !isAlive(job, now) ? LEFT[under] : null
  const state = left === null ? job.state : "interrupted"
  const unread = partitions
    .filter((one) => one.problem !== null)
    .map((one) => ({ partition: one.partition, reason: one.problem ?? "" }))
  const uncovered = sum.records - sum.covered
  const { id, destination, createdBy, createdAt, question, masked } = job
  return {
    ...{ id, destination, createdBy, createdAt, question, masked, state, runMs, unread, ...sum },
    reason: left ?? job.reason,
    leftMs: sum.covered > 0 && state === "running" ? Math.round((runMs * uncovered) / sum.covered) : null,
    complete: uncovered === 0 && unread.length === 0,
  }
}

export const matchesInput = z.object({
  cluster: slug,
  id: z.string().max(40),
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(100).default(50),
})

/** A page of what was found, newest first, read from the broker and masked for whoever looks. */
export async function listMatches(ctx: Context, input: z.output<typeof matchesInput>) {
  const job = await readSeenJob(ctx, input)
  const { broker, messages, lens } = await openLens(ctx, job, job.question.formats)
  const isSeen = seenMatches(job, lens.mask, broker)
  const where = { jobId: job.id }
  const [total, found] = await Promise.all([
    ctx.store.prisma.searchMatch.count({ where }),
    ctx.store.prisma.searchMatch.findMany({
      where,
      select: { partition: true, offset: true },
      orderBy: [{ at: { sort: "desc", nulls: "last" } }, { partition: "asc" }, { offset: "desc" }],
      skip: (input.page - 1) * input.pageSize,
      take: input.pageSize,
    }),
  ])
  const gone: { partition: number; offset: string }[] = []
  const problems: string[] = []
  const ends = AbortSignal.timeout(DEADLINE_MS)
  const read = await pooled(found, AT_A_TIME, async ({ partition, offset }) => {
    const at = { destination: job.destination, partition, offset: String(offset) }
    try {
      return { partition, message: await readOne({ messages }, at, ends) }
    } catch (error) {
      if (isDomainError(error) && error.code === "not_found") gone.push(at)
      else
        problems.push(`Offset ${offset} of partition ${partition} could not be read now: ${messageOf(error)}`)
      return null
    }
  })
  const there = read.filter((one) => one !== null)
  const seen = there.filter((one) => isSeen(one.message))
  if (seen.length < there.length)
    problems.push(
      "Some matches are not shown: masking rules that are newer than the search hide parts of them.",
    )
  const rows: ShownMessage[] = await showMessages(seen, lens, IN_LIST)
  return { total, rows, gone, problems }
}

export const listSearchesInput = z.object({ cluster: slug, destination: brokerName })

/** The latest searches of a destination. */
export async function listSearches(
  ctx: Context,
  input: z.output<typeof listSearchesInput>,
): Promise<SearchView[]> {
  const where = { destination: input.destination, cluster: { slug: input.cluster } }
  const now = ctx.now()
  const seen = await pooled(await readJobs(ctx, where, 10), AT_A_TIME, async (job) =>
    (await maySee(ctx, job)) ? [viewOf(job, now)] : [],
  )
  return seen.flat()
}
