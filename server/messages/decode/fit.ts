import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import type { Fit, Question } from "./fit-process.ts"
import type { RegisteredSchema } from "./registry.ts"

/** For one value, and for the process to start (ms); its memory (MB); how long it stays for the next value (ms). */
const DEADLINE = 2000
const STARTS_WITHIN = 15_000
const MEMORY_MB = 128
const IDLE = 60_000
/** Values that may wait for their turn. */
const WAITING = 20

interface Checker {
  child: ChildProcess | null
  idle: NodeJS.Timeout | undefined
  waiting: number
  /** The check that came last. */
  last: Promise<unknown>
}

const KEY = Symbol.for("signalbox.fit")
const kept = globalThis as { [KEY]?: Checker }

function checker(): Checker {
  kept[KEY] ??= { child: null, idle: undefined, waiting: 0, last: Promise.resolve() }
  return kept[KEY]
}

/** Whether a value (JSON) fits a JSON Schema. Never rejects; one value at a time. */
export function checkFit(schema: RegisteredSchema, value: string): Promise<Fit> {
  const own = checker()
  if (own.waiting >= WAITING) return Promise.resolve(unknown("too many others are being checked"))
  own.waiting += 1
  const { text, references } = schema
  const checked = own.last
    .then(() => ask(own, { schema: text, references, value }))
    .catch((error: unknown) => unknown(error instanceof Error ? error.message : String(error)))
    .finally(() => {
      own.waiting -= 1
    })
  own.last = checked
  return checked
}

async function ask(own: Checker, question: Question): Promise<Fit> {
  clearTimeout(own.idle)
  const child = own.child?.connected ? own.child : await start()
  own.child = child
  child.send(question)
  const fit = await answer(child, DEADLINE)
  if (fit === null) {
    own.child = null
    child.kill("SIGKILL")
    return unknown("working out its schema takes too long, or too much memory")
  }
  own.idle = setTimeout(() => {
    own.child = null
    if (child.connected) child.disconnect()
  }, IDLE).unref()
  return fit as Fit
}

async function start(): Promise<ChildProcess> {
  // Not relative to this file: Next bundles it. Signalbox always runs in its own folder.
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), "server/messages/decode/fit-process.ts")
  const child = fork(/* turbopackIgnore: true */ file, [], {
    execArgv: [`--max-old-space-size=${MEMORY_MB}`],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  child.on("error", () => undefined)
  if ((await answer(child, STARTS_WITHIN)) === null) {
    child.kill("SIGKILL")
    throw new Error("the process that checks it did not start")
  }
  child.unref()
  child.channel?.unref()
  return child
}

/** What it says next; null: it ended, or said nothing for too long. */
async function answer(child: ChildProcess, within: number): Promise<unknown> {
  const over = new AbortController()
  const { signal } = over
  const timer = setTimeout(() => over.abort(), within)
  const says = once(child, "message", { signal }).then(([word]: unknown[]) => word)
  const ends = once(child, "exit", { signal }).then(() => null)
  const first = Promise.race([says, ends]).catch(() => null)
  ends.catch(() => undefined)
  const word = await first
  clearTimeout(timer)
  over.abort()
  return word
}

function unknown(reason: string): Fit {
  return { fits: null, why: `It could not be checked against its schema: ${reason}.` }
}
