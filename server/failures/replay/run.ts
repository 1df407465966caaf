import { setTimeout as sleep } from "node:timers/promises"
import { z } from "zod"
import { lostSince } from "#server/access/index.ts"
import type { Broker, Position, Transfer } from "#server/brokers/broker.ts"
import { DomainError, isDomainError, messageOf } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { isStoreAway, readDocument, type Store, toJson } from "#server/store/index.ts"
import { readRules } from "../indexing/sources.ts"
import { countWorked, type Item, lanesOf, leaveOut, nextItems, toRow } from "./items.ts"
import { pauseAfter, type ReplayOrder, replayOrder, shouldStop, stepSize } from "./model.ts"
import type { Outgoing } from "./outgoing.ts"
import { unmaskedBy } from "./refuse-unmasked.ts"
import { sortOut } from "./sort-out.ts"
import { sendableAt } from "./targets.ts"

export interface ReplayParts {
  store: Store
  broker: Broker
  cluster: { id: number; slug: string }
  log: Logger
}

const DEADLINE_MS = 30_000
const AGAIN_MS = 3000
const RIGHTS_EVERY_MS = 1000
/** What may be otherwise in a moment. */
const PASSING = new Set(["unreachable", "timeout", "store_unavailable"])

/**
 * Works a replay until it is done, paused, cancelled or stopped, or until the signal aborts. What was sent and how far
 * it came are one transaction of the broker, so that any process may take it up at any moment, and none is lost or
 * doubled. Whoever takes it up shuts out the one before.
 */
export async function runReplay(parts: ReplayParts, id: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await workUntilSettled(parts, id, signal)
      return
    } catch (error) {
      if (signal.aborted) return
      if (isDomainError(error) && error.code === "conflict") return
      const passes = isStoreAway(error) || (isDomainError(error) && PASSING.has(error.code))
      parts.log.warn({ cluster: parts.cluster.slug, replay: id, err: error }, "replay")
      const reason = messageOf(error).slice(0, 500)
      const data = passes ? { reason } : { reason, state: "failed", finishedAt: new Date() }
      await parts.store.prisma.replayJob
        .updateMany({ where: { id, state: "running" }, data })
        .catch(() => undefined)
      if (!passes) return
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

async function workUntilSettled(parts: ReplayParts, id: string, signal: AbortSignal): Promise<void> {
  const { broker, store } = parts
  if (!broker.producer || !broker.deadLetters)
    throw new DomainError("unsupported", "This cluster's messages cannot be sent again from here.")
  const order = await readOrder(store, id)
  const { producer } = broker
  await using transfers = new AsyncDisposableStack()
  const open = async () => transfers.use(await producer.openTransfer(id, within(signal)))
  let transfer = await open()
  let progress = await resume(store, transfer, { id, signal: within(signal) })
  const lanes = await lanesOf(store, id)
  const rules = await readRules(store, parts.cluster.id)
  const outgoing = { job: id, order, rules, dialects: broker.deadLetters.dialects }
  let sendable = sendableAt(broker, order.target)
  const most = stepSize(order.rate)
  let size = most
  const rights = authorsRights(parts, { id, target: order.target })
  while (!signal.aborted && (await mayGoOn(store, id, order)) && (await rights())) {
    const began = performance.now()
    const items = await nextItems(store, { id, lanes, progress }, size)
    if (items.length === 0) {
      await store.prisma.replayJob.updateMany({ where: { id, state: "running" }, data: { state: "done" } })
      break
    }
    try {
      progress = await step(parts, { id, items, progress, transfer, outgoing, sendable }, within(signal))
      size = Math.min(most, size * 2)
    } catch (error) {
      if (!isRefusal(error, order)) throw error
      // One of them is refused, and the broker does not say which: halved until it stands alone, it is left out.
      if (items.length === 1)
        await leaveOut(
          store,
          id,
          items.map((item) => ({ ...item, leftOut: messageOf(error) })),
        )
      size = Math.max(1, items.length >> 1)
      transfer = await open()
      sendable = sendableAt(broker, order.target)
    }
    const pause = pauseAfter(items.length, performance.now() - began, order.rate)
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
  if (!signal.aborted) await forgetOver(store, transfer, { id, signal: within(signal) })
}

/** Whether single messages are refused: they are too large, say, or their destination has just been deleted. */
function isRefusal(error: unknown, order: ReplayOrder): boolean {
  if (!isDomainError(error)) return false
  return error.code === "bad_input" || (error.code === "not_found" && order.target === null)
}

function within(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
}

async function readOrder(store: Store, id: string): Promise<ReplayOrder> {
  const job = await store.prisma.replayJob.findUniqueOrThrow({ where: { id }, select: { order: true } })
  return readDocument(replayOrder, job.order, `The replay ${id}`)
}

const storedProgress = z.array(
  z.object({ destination: z.string(), partition: z.number(), offset: z.string().regex(/^\d+$/) }),
)

/**
 * Where the broker says the work stands. The broker forgets it when nobody has worked for a week; then what the store
 * knows holds, which was written after the last step.
 */
async function resume(
  store: Store,
  transfer: Transfer,
  about: { id: string; signal: AbortSignal },
): Promise<Position[]> {
  const job = await store.prisma.replayJob.findUniqueOrThrow({
    where: { id: about.id },
    select: { progress: true },
  })
  const stored = readDocument(storedProgress, job.progress, `The replay ${about.id}`)
  let progress: Position[] = stored.map((one) => ({ ...one, offset: BigInt(one.offset) }))
  for (const one of await transfer.progress(about.signal)) progress = further(progress, one)
  const worked = await countWorked(store, { id: about.id, progress })
  await note(store, about.id, { progress, worked })
  return progress
}

function further(progress: readonly Position[], to: Position): Position[] {
  const here = (one: Position) => one.destination === to.destination && one.partition === to.partition
  const known = progress.find(here)
  if (known && known.offset >= to.offset) return [...progress]
  return [...progress.filter((one) => !here(one)), to]
}

/** False when somebody has paused or cancelled it, or when too much failed again. */
async function mayGoOn(store: Store, id: string, order: ReplayOrder): Promise<boolean> {
  const job = await store.prisma.replayJob.findUnique({
    where: { id },
    select: { state: true, sent: true, failedAgain: true },
  })
  if (job?.state !== "running") return false
  if (!shouldStop(job.sent, job.failedAgain, order.stopShare)) return true
  const share = `${job.failedAgain} of ${job.sent} replayed messages failed again`
  const data = { state: "stopped", reason: `${share}, more than was allowed.`, finishedAt: new Date() }
  await store.prisma.replayJob.updateMany({ where: { id, state: "running" }, data })
  return false
}

/**
 * Stops the replay when whoever started it has lost the right to replay, or when it would show what is masked now: rules
 * may have been added, or what was unmasked may be masked again. Looks it up at most once a second: a step may take a
 * millisecond.
 */
function authorsRights(
  { store, cluster }: ReplayParts,
  { id, target }: { id: string; target: string | null },
): () => Promise<boolean> {
  let looked = 0
  return async () => {
    if (performance.now() - looked < RIGHTS_EVERY_MS && looked > 0) return true
    looked = performance.now()
    const job = await store.prisma.replayJob.findUnique({
      where: { id },
      select: { createdAs: true, createdBy: true },
    })
    // A replay of an earlier version did not keep it.
    if (!job || job.createdAs === null) return true
    const right = { permission: "failure.replay", cluster: cluster.slug } as const
    const lost =
      (await lostSince(store, job.createdAs, right)) ??
      (await unmaskedBy(store, { cluster: cluster.slug, job: id, target, identity: job.createdAs }))
    if (lost === null) return true
    const reason = `${job.createdBy}, who started it, ${lost}. Somebody else can replay the rest.`
    const data = { state: "stopped", reason, finishedAt: new Date() }
    await store.prisma.replayJob.updateMany({ where: { id, state: "running" }, data })
    return false
  }
}

interface Step {
  id: string
  items: Item[]
  progress: Position[]
  transfer: Transfer
  outgoing: Outgoing
  sendable: ReturnType<typeof sendableAt>
}

async function step(parts: ReplayParts, one: Step, signal: AbortSignal): Promise<Position[]> {
  const last = one.items.at(-1)
  if (!last) return one.progress
  const { ready, leftOut } = await sortOut(parts.broker, one, signal)
  await leaveOut(parts.store, one.id, leftOut)
  const worked = { destination: last.destination, partition: last.partition, offset: last.offset + 1n }
  await one.transfer.step(ready, [worked], signal)
  const progress = further(one.progress, worked)
  const since = one.items[0]
  const missing = one.items.length - ready.length
  await note(parts.store, one.id, { progress, since, sentNow: ready.length, missing })
  return progress
}

/** What pages show. Should this be lost with the process, `resume` makes it good. */
async function note(
  store: Store,
  id: string,
  what: {
    progress: readonly Position[]
    /** Absent: everything below the progress may be new. */
    since?: Position | undefined
    /** All that was worked, counted anew; absent: this much was added. */
    worked?: { sent: number; missing: number }
    sentNow?: number
    missing?: number
  },
): Promise<void> {
  const progress = toJson(what.progress.map(toRow))
  await store.pool.query(
    `update replay_job set progress = $2, sent = coalesce($3, sent + $4), missing = coalesce($5, missing + $6), worked_at = now(),
       reason = null, rate = case when worked_at is null or $4 = 0 then rate
         else coalesce(rate * 0.7, 0) + (case when rate is null then 1 else 0.3 end)
           * $4 / greatest(extract(epoch from now() - worked_at), 0.001) end
     where id = $1`,
    [
      ...[id, progress, what.worked?.sent ?? null, what.sentNow ?? 0],
      ...[what.worked?.missing ?? null, what.missing ?? 0],
    ],
  )
  await store.pool.query(
    `update failure_message m set replayed_by = $1 from replay_item i
     join jsonb_to_recordset($2) as x(destination text, partition int, "offset" bigint)
       on x.destination = i.destination and x.partition = i.partition and i."offset" < x."offset"
     where i.job_id = $1 and m.id = i.letter_id and i.left_out is null and m.replayed_by is distinct from $1
       and ($3::text is null or i.destination = $3 and i.partition = $4 and i."offset" >= $5)`,
    [
      id,
      progress,
      what.since?.destination ?? null,
      what.since?.partition ?? null,
      what.since?.offset.toString() ?? null,
    ],
  )
}

/** Only what nobody will go on with: the store says "done" before the broker forgets how far it was. */
async function forgetOver(
  store: Store,
  transfer: Transfer,
  about: { id: string; signal: AbortSignal },
): Promise<void> {
  const where = { id: about.id, state: { in: ["done", "cancelled"] } }
  const { count } = await store.prisma.replayJob.updateMany({ where, data: { finishedAt: new Date() } })
  if (count === 1) await transfer.forget(about.signal).catch(() => undefined)
}
