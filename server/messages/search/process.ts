import { hostname } from "node:os"
import { z } from "zod"
import { lostSince } from "#server/access/index.ts"
import { Connections } from "#server/brokers/connections.ts"
import { isDomainError } from "#server/errors.ts"
import { createLogger } from "#server/log.ts"
import { openStore, type Store } from "#server/store/index.ts"
import { noMask } from "../masking/mask.ts"
import { type MaskPlan, maskBy, maskedSince, maskPlan, readMaskPlan } from "../masking/mask-for.ts"
import { type Lens, lensRegistry } from "../shown.ts"
import { claimJob, finishJob, type Job, readJob, saveProgress } from "./job.ts"
import { runSearch, type Search } from "./run.ts"

/**
 * One search in a process of its own: what somebody asks for runs neither in the server that serves pages nor in its
 * memory. Its order comes over the channel to its parent, since it holds secrets; when the channel closes, the server is
 * gone, and the search stops where it is, to be resumed.
 */
export const order = z.object({
  databaseUrl: z.string(),
  cluster: z.string(),
  id: z.string(),
  target: z.object({
    clusterId: z.number(),
    system: z.string(),
    connection: z.unknown(),
    revision: z.string(),
  }),
  /** What is hidden from whoever asked, and the key of its hashes; null: nothing, they have unmasked it. */
  masking: z.object({ plan: maskPlan, secret: z.string() }).nullable(),
})

export type Order = z.output<typeof order>

const SAVE_EVERY_MS = 500
const RIGHTS_EVERY_MS = 2000

const log = createLogger("search")

/** What ends the search under way, and why. */
interface Stop {
  controller: AbortController
  why: string | null
}

let current: Stop | null = null

function stopFor(reason: string): void {
  if (!current) return
  current.why ??= reason
  current.controller.abort()
}

if (process.send) {
  let closed = false
  process.once("disconnect", () => {
    closed = true
    if (!current) process.exit()
    stopFor("Signalbox was stopped or started again. Resume continues from there.")
  })
  process.once("SIGTERM", () => {
    if (!current) process.exit()
    stopFor("Signalbox was stopped. Resume continues from there.")
  })
  // One after another: the next order comes when this one is told to be done.
  process.on("message", (given) => {
    main(order.parse(given)).finally(() => {
      current = null
      if (closed) process.exit()
      say("done")
    })
  })
}

/** To whoever gave the order. When nobody is there any more, that is told by the channel: it must not end us. */
function say(word: "alive" | "done"): void {
  if (process.connected) process.send?.(word, undefined, undefined, () => undefined)
}

async function main(given: Order): Promise<void> {
  const stop = { controller: new AbortController(), why: null }
  current = stop
  await using store = openStore(given.databaseUrl, { max: 2 })
  const runner = `${hostname()}/${process.pid}`
  if (!(await claimJob(store, given.id, runner))) return
  const job = await readJob({ store }, given)
  const alive = setInterval(() => say("alive"), 1000)
  try {
    const end = await work(store, { job, runner, stop }, given)
    await finishJob(store, { id: job.id, runner }, end)
  } catch (error) {
    log.error({ err: error, job: job.id }, "search failed")
    const reason = isDomainError(error)
      ? error.message
      : "The search failed inside Signalbox; its log has the cause."
    await finishJob(store, { id: job.id, runner }, { state: "failed", reason })
  } finally {
    clearInterval(alive)
  }
}

interface Run {
  job: Job
  runner: string
  stop: Stop
}

async function work(store: Store, { job, runner, stop }: Run, given: Order) {
  await using connections = new Connections({ clientId: "signalbox-search", log: () => undefined })
  const broker = connections.get({ ...given.target, connection: given.target.connection })
  const { formats } = job.question
  const lens: Lens = {
    key: formats.key ?? "auto",
    value: formats.value ?? "auto",
    mask: given.masking
      ? maskBy(given.masking.plan, broker.deadLetters?.dialects ?? [], given.masking.secret)
      : noMask,
    registry: lensRegistry(broker.messages?.schemas),
  }
  const search: Search = { ...job, broker, lens, found: [] }
  const saver = startSaving(store, { id: job.id, runner }, search)
  const plan = given.masking?.plan ?? null
  const rights = setInterval(() => void stopWithoutRight(store, { job, plan, stop }), RIGHTS_EVERY_MS)
  const { limited } = await runSearch(search, stop.controller.signal).finally(() => {
    clearInterval(rights)
    return saver.end()
  })
  const matched = search.partitions.reduce((sum, one) => sum + one.matched, 0)
  if (stop.controller.signal.aborted) return { state: "stopped" as const, reason: stop.why }
  if (limited)
    return { state: "stopped" as const, reason: `It found ${matched} messages, as many as were asked for.` }
  return { state: "done" as const, reason: null }
}

/** Nobody searches on for somebody who may not search any longer, nor sees more than they may now. */
async function stopWithoutRight(
  store: Store,
  { job, plan, stop }: { job: Job; plan: MaskPlan | null; stop: Stop },
): Promise<void> {
  const why = await lostRight(store, job, plan).catch(() => null)
  if (why !== null && current === stop) stopFor(why)
}

async function lostRight(store: Store, job: Job, plan: MaskPlan | null): Promise<string | null> {
  const { cluster, destination } = job
  const who = `${job.createdBy}, who asked for it,`
  const right = { permission: "message.search", cluster } as const
  const lost = job.createdAs === null ? null : await lostSince(store, job.createdAs, right)
  if (lost !== null) return `${who} ${lost}.`
  const now = await readMaskPlan({ store }, cluster, destination)
  if (plan) {
    if (JSON.stringify([now.rules, now.all]) === JSON.stringify([plan.rules, plan.all])) return null
    return "Masking rules were changed while it ran: start it again."
  }
  if (now.rules.length === 0) return null
  const masked = await maskedSince(store, { cluster, destination, identity: job.createdAs })
  return masked === null ? null : `${who} ${masked}. Unmask it to resume.`
}

/** Saves progress twice a second, and once more at the end. Matches and positions are taken together. */
function startSaving(store: Store, job: { id: string; runner: string }, search: Search) {
  let last = performance.now()
  let saving: Promise<void> = Promise.resolve()
  const save = async () => {
    const now = performance.now()
    const progress = {
      partitions: structuredClone(search.partitions),
      found: search.found.splice(0),
      ranMs: now - last,
    }
    last = now
    const answer = await saveProgress(store, job, progress).catch((error: unknown) => {
      search.found.unshift(...progress.found)
      last -= progress.ranMs
      throw error
    })
    if (answer === "stop") stopFor("It was stopped by a user. Resume continues from there.")
    if (answer === "lost") stopFor("It was resumed elsewhere.")
  }
  const timer = setInterval(() => {
    saving = saving
      .then(save)
      .catch((error: unknown) => log.warn({ err: error }, "progress could not be saved"))
  }, SAVE_EVERY_MS)
  return {
    end: async () => {
      clearInterval(timer)
      await saving
      await save()
    },
  }
}
