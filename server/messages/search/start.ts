import { randomBytes } from "node:crypto"
import { z } from "zod"
import { audit, identityOf } from "#server/access/index.ts"
import { openTarget, slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound, DomainError } from "#server/errors.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { openLens, place } from "../lens.ts"
import { hidesAny } from "../masking/mask.ts"
import { type MaskPlan, maskSecret, readMaskPlan } from "../masking/mask-for.ts"
import { isAlive } from "./job.ts"
import { launch, refuseCrowd, warmUp } from "./launch.ts"
import { makeMatcher } from "./matcher.ts"
import { type Question, question } from "./question.ts"
import { resolveAgain, searchRange, totals } from "./range.ts"
import { mayGoOn, ranUnmasked, readSeenJob } from "./seen.ts"

const DEADLINE_MS = 15_000

export const searchInput = z.object({ ...place, question })

/** What a search would have to read. Offsets are counted: deleted and compacted ones are among them. */
export async function estimateSearch(ctx: Context, input: z.output<typeof searchInput>) {
  warmUp(ctx)
  const { broker, range } = await prepare(ctx, input)
  const { partitions, bounds } = range
  const { records } = totals(partitions)
  const described = await broker.describe(
    { destinations: [input.destination] },
    AbortSignal.timeout(DEADLINE_MS),
  )
  const sizes = new Map(described.destinations[0]?.partitions.map((one) => [one.index, one.bytes]))
  let bytes: number | null = 0
  for (const { partition, from, to } of partitions) {
    const bound = bounds.find((one) => one.partition === partition)
    const size = sizes.get(partition) ?? null
    const all = bound ? Number(bound.end - bound.start) : 0
    const part = Number(BigInt(to ?? 0) - BigInt(from ?? 0))
    if (part === 0) continue
    bytes = bytes === null || size === null || all === 0 ? null : bytes + (Number(size) * part) / all
  }
  const unread = partitions.flatMap((one) => (one.problem === null ? [] : [one.problem]))
  const ms = durationOf(input.question.match.kind, { records, bytes })
  return { records, bytes: bytes === null ? null : Math.round(bytes), ms, unread }
}

/** By what one processor core did in our measurements (docs/bench/search.md), rather slower than quicker. */
const MESSAGES_A_SECOND = { contains: 1_000_000, pattern: 400_000, expression: 80_000 }
const BYTES_A_SECOND = 60e6

function durationOf(
  kind: Question["match"]["kind"],
  { records, bytes }: { records: number; bytes: number | null },
): number {
  return 1500 + Math.max(records / MESSAGES_A_SECOND[kind], (bytes ?? 0) / BYTES_A_SECOND) * 1000
}

/** Begins a search. It goes on without the page that asked for it; its id is its address. */
export async function startSearch(
  ctx: Context,
  input: z.output<typeof searchInput>,
): Promise<{ id: string }> {
  refuseCrowd(identityOf(ctx.actor))
  const { range, masked, unmasked } = await prepare(ctx, input)
  const plan = unmasked ? null : await readMaskPlan(ctx, input.cluster, input.destination)
  const cluster = await ctx.store.prisma.cluster.findUnique({
    where: { slug: input.cluster },
    select: { id: true },
  })
  if (!cluster) throw clusterNotFound(input.cluster)
  const id = randomBytes(9).toString("base64url")
  const { destination } = input
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.searchJob.create({
      data: {
        id,
        clusterId: cluster.id,
        destination,
        createdBy: nameOf(ctx),
        createdAs: identityOf(ctx.actor),
        question: input.question,
        masked,
        ...(plan ? { maskPlan: plan } : {}),
        state: "queued",
        heartbeatAt: new Date(ctx.now()),
        partitions: range.partitions as unknown as Prisma.InputJsonValue,
      },
    })
    await audit(tx, ctx, {
      action: "message.search",
      target: `${input.cluster}/${destination}`,
      cluster: input.cluster,
      after: { id, kind: input.question.match.kind, unmasked: !masked },
      result: "ok",
    })
  })
  await launchJob(ctx, { ...input, id, plan })
  return { id }
}

export const jobInput = z.object({ cluster: slug, id: z.string().max(40) })

/** Goes on where a search ended before its time, and tries the partitions again that could not be read. */
export async function resumeSearch(ctx: Context, input: z.output<typeof jobInput>): Promise<void> {
  const job = await readSeenJob(ctx, input)
  if (isAlive(job, ctx.now()))
    throw new DomainError(
      "conflict",
      `This search ${job.state === "queued" ? "waits to start" : "is running"}.`,
    )
  const { broker, masking } = await openLens(ctx, job)
  const partitions = await resolveAgain(broker, job, AbortSignal.timeout(DEADLINE_MS))
  // Resumed as a masked search, it would show everybody what was asked and found unmasked.
  if (!job.masked && masking.rules > 0 && masking.unmaskedUntil === null)
    throw new DomainError(
      "forbidden",
      `This search read unmasked messages: unmask ${job.destination} to resume it, or start a new one.`,
    )
  const unmasked = ranUnmasked(job) && masking.unmaskedUntil !== null
  const plan = unmasked ? null : await readMaskPlan(ctx, job.cluster, job.destination)
  // What it found was found under the rules of then.
  if (plan && !mayGoOn(job.maskPlan, plan))
    throw new DomainError("conflict", "Masking rules were changed since it ran: start a new search.")
  // What stopped at its limit goes on for as many again.
  const matched = totals(job.partitions).matched
  const limit = matched >= job.question.limit ? matched + job.question.limit : job.question.limit
  await ctx.store.prisma.searchJob.update({
    where: { id: job.id },
    data: {
      state: "queued",
      reason: null,
      heartbeatAt: new Date(ctx.now()),
      question: { ...job.question, limit },
      partitions: partitions as unknown as Prisma.InputJsonValue,
      ...(plan ? { maskPlan: plan } : {}),
    },
  })
  await launchJob(ctx, { ...job, plan })
}

/** Asks a running search to stop; it keeps what it found, and can be resumed. */
export async function stopSearch(ctx: Context, input: z.output<typeof jobInput>): Promise<void> {
  const job = await readSeenJob(ctx, input)
  await ctx.store.prisma.searchJob.update({
    where: { id: job.id },
    data:
      job.state === "running" && isAlive(job, ctx.now())
        ? { stopRequested: true }
        : { state: "stopped", reason: "It was stopped by a user. Resume continues from there." },
  })
}

async function prepare(ctx: Context, input: z.output<typeof searchInput>) {
  const { broker, lens, masking } = await openLens(ctx, input, input.question.formats)
  makeMatcher(input.question, lens)
  const asked = { destination: input.destination, question: input.question satisfies Question }
  const range = await searchRange(broker, asked, AbortSignal.timeout(DEADLINE_MS))
  return { broker, range, masked: hidesAny(lens.mask), unmasked: masking.unmaskedUntil !== null }
}

async function launchJob(
  ctx: Context,
  job: { cluster: string; destination: string; id: string; plan: MaskPlan | null },
): Promise<void> {
  const target = await openTarget(ctx, job.cluster)
  const { cluster, destination, id, plan } = job
  const masking = plan ? { plan, secret: maskSecret(ctx, cluster, destination) } : null
  launch(ctx, { databaseUrl: ctx.store.url, cluster, id, target, masking }, identityOf(ctx.actor))
}

function nameOf(ctx: Context): string {
  if (ctx.actor.kind === "user") return ctx.actor.email
  return ctx.actor.kind === "token" ? `token ${ctx.actor.name}` : ctx.actor.kind
}
