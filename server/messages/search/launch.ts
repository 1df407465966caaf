import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { HEARTBEAT_MS, keepWaiting } from "./job.ts"
import type { Order } from "./process.ts"

/** Searches at a time, and the memory of each (MB). */
const AT_A_TIME = 2
const MEMORY_MB = 512
/** How long (ms) one may say nothing before it is ended, how long it may take to say its first word, how long it idles. */
const SILENT_MS = 20_000
const FIRST_WORD_MS = 90_000
const IDLE_MS = 60_000

type Ctx = Pick<Context, "store" | "log">

interface Task {
  order: Order
  ctx: Ctx
  /** Whose search it is: nobody has two running while somebody else waits. */
  who: string
}

interface Worker {
  child: ChildProcess
  task: Task | null
  /** Whether it has said anything yet. */
  up: boolean
  /** Ends it: when it says nothing for too long, or has nothing to do. */
  timer: NodeJS.Timeout | undefined
}

interface Launcher {
  workers: Set<Worker>
  waiting: Task[]
  /** Says of the searches that wait that somebody holds them. */
  heart: NodeJS.Timeout | undefined
}

const KEY = Symbol.for("signalbox.searches")
const kept = globalThis as { [KEY]?: Launcher }

function launcher(): Launcher {
  kept[KEY] ??= { workers: new Set(), waiting: [], heart: undefined }
  return kept[KEY]
}

/** Searches that wait, of one person and of all: who asks for more is told so, rather than made to wait without end. */
const MAX_WAITING_EACH = 5
const MAX_WAITING = 50

/** Throws `too_many_requests` when this person, or everybody together, has too many searches waiting. */
export function refuseCrowd(who: string): void {
  const { waiting } = launcher()
  const own = waiting.filter((task) => task.who === who).length
  if (own < MAX_WAITING_EACH && waiting.length < MAX_WAITING) return
  const crowd = own >= MAX_WAITING_EACH ? `You have ${own} searches` : `There are ${waiting.length} searches`
  throw new DomainError(
    "too_many_requests",
    `${crowd} waiting to start. Stop one, or wait until one has ended.`,
  )
}

/** Starts the search in a process of its own as soon as there is room for it and it is this person's turn. */
export function launch(ctx: Ctx, order: Order, who: string): void {
  launcher().waiting.push({ order, ctx, who })
  pump()
  beat()
}

/** As long as there is a search that no process has begun with. One that runs says itself that it does. */
function beat(): void {
  const own = launcher()
  own.heart ??= setInterval(() => {
    const given = [...own.workers].flatMap(({ task }) => (task ? [task] : []))
    const held = [...own.waiting, ...given]
    if (held.length === 0) {
      clearInterval(own.heart)
      own.heart = undefined
    }
    for (const [store, tasks] of Map.groupBy(held, ({ ctx }) => ctx.store))
      keepWaiting(
        store,
        tasks.map(({ order }) => order.id),
      ).catch((error: unknown) => {
        tasks[0]?.ctx.log.warn({ err: error }, "searches that wait could not say so")
      })
  }, HEARTBEAT_MS).unref()
}

/** Starts a process that waits for a search: who asks how much there is to read will mostly want to read it. */
export function warmUp(ctx: Ctx): void {
  const { workers } = launcher()
  if (workers.size === 0) start(ctx)
}

function pump(): void {
  const { workers, waiting } = launcher()
  for (;;) {
    const task = nextInTurn(waiting, workers)
    if (!task) return
    const idle = [...workers].find((one) => one.task === null)
    const worker = idle ?? (workers.size < AT_A_TIME ? start(task.ctx) : null)
    if (!worker) return
    waiting.splice(waiting.indexOf(task), 1)
    give(worker, task)
  }
}

/** The oldest of somebody who has none running: one each, so that nobody waits behind somebody else's thirty. */
function nextInTurn(waiting: readonly Task[], workers: ReadonlySet<Worker>): Task | undefined {
  const running = new Set([...workers].flatMap(({ task }) => (task ? [task.who] : [])))
  return waiting.find(({ who }) => !running.has(who))
}

function give(worker: Worker, task: Task): void {
  worker.task = task
  watch(worker)
  worker.child.send(task.order)
}

function watch(worker: Worker): void {
  clearTimeout(worker.timer)
  const end = () => (worker.task ? worker.child.kill("SIGKILL") : worker.child.disconnect())
  worker.timer = setTimeout(end, worker.task ? (worker.up ? SILENT_MS : FIRST_WORD_MS) : IDLE_MS)
  worker.timer.unref()
}

function start(ctx: Ctx): Worker {
  // Not relative to this file: Next bundles it. Signalbox always runs in its own folder.
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), "server/messages/search/process.ts")
  const child = fork(/* turbopackIgnore: true */ file, [], {
    execArgv: [`--max-old-space-size=${MEMORY_MB}`],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const worker: Worker = { child, task: null, up: false, timer: undefined }
  const { workers } = launcher()
  workers.add(worker)
  watch(worker)
  child.on("message", (word) => {
    worker.up = true
    if (word === "done") worker.task = null
    watch(worker)
    pump()
  })
  const gone = (signal: string | null) => {
    clearTimeout(worker.timer)
    if (workers.delete(worker) && worker.task) void markBroken(worker.task, signal)
    pump()
  }
  child.once("exit", (_code, signal) => gone(signal))
  child.on("error", (error) => {
    ctx.log.error({ err: error }, "a search process could not be started")
    gone(null)
  })
  child.unref()
  child.channel?.unref()
  return worker
}

/** What died without a word cannot say so itself. */
async function markBroken({ ctx, order }: Task, signal: string | null): Promise<void> {
  const reason =
    signal === "SIGKILL"
      ? "The search was ended: working out the expression took too long, or too much memory."
      : "The search ended unexpectedly; the log has the cause. Resume continues from there."
  const mark = `update search_job set state = 'failed', reason = $2, runner = null
    where id = $1 and state in ('queued', 'running')`
  await ctx.store.pool.query(mark, [order.id, reason]).catch((error: unknown) => {
    ctx.log.error({ err: error, job: order.id }, "a search could not be marked")
  })
}
