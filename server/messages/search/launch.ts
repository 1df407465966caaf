import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import type { Context } from "../../context.ts"
import type { Order } from "./process.ts"

/** Searches at a time, their memory (MB), and how long one may say nothing before it is ended (ms). */
const AT_A_TIME = 2
const MEMORY_MB = 512
const SILENT = 20_000

interface Launcher {
  running: Map<string, ChildProcess>
  waiting: { order: Order; ctx: Pick<Context, "store" | "log"> }[]
}

const KEY = Symbol.for("signalbox.searches")
const kept = globalThis as { [KEY]?: Launcher }

function launcher(): Launcher {
  kept[KEY] ??= { running: new Map(), waiting: [] }
  return kept[KEY]
}

/** Starts the search in a process of its own as soon as there is room for it. */
export function launch(ctx: Pick<Context, "store" | "log">, order: Order): void {
  launcher().waiting.push({ order, ctx })
  pump()
}

function pump(): void {
  const { running, waiting } = launcher()
  while (running.size < AT_A_TIME) {
    const next = waiting.shift()
    if (!next) return
    const child = start(next)
    running.set(next.order.id, child)
    child.once("exit", () => {
      running.delete(next.order.id)
      pump()
    })
  }
}

function start({ order, ctx }: Launcher["waiting"][number]): ChildProcess {
  // Not relative to this file: Next bundles it. Signalbox always runs in its own folder.
  const file = path.join(process.cwd(), "server/messages/search/process.ts")
  const child = fork(/* turbopackIgnore: true */ file, [], {
    execArgv: [`--max-old-space-size=${MEMORY_MB}`],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  let timer: NodeJS.Timeout | undefined
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill("SIGKILL"), SILENT)
    timer.unref()
  }
  watch()
  child.on("message", watch)
  child.once("error", (error) => ctx.log.error({ err: error, job: order.id }, "search could not be started"))
  child.once("exit", (code, signal) => {
    clearTimeout(timer)
    if (code !== 0) void markBroken(ctx, order.id, signal)
  })
  child.send(order)
  return child
}

/** What died without a word cannot say so itself. */
async function markBroken(
  ctx: Pick<Context, "store" | "log">,
  id: string,
  signal: string | null,
): Promise<void> {
  const reason =
    signal === "SIGKILL"
      ? "The search was ended: working out the expression took too long or too much memory."
      : "The search ended unexpectedly; the log has the cause. Resume goes on from there."
  await ctx.store.pool
    .query(
      "update search_job set state = 'failed', reason = $2, runner = null where id = $1 and state in ('queued', 'running')",
      [id, reason],
    )
    .catch((error: unknown) => ctx.log.error({ err: error, job: id }, "search could not be marked"))
}
