import { type Job, type ResultOf, work } from "./job.ts"
import type { RegisteredSchema } from "./registry.ts"

/**
 * Reads what others wrote, in a process of its own: it has a limit of memory, nothing that is worth stealing, and is
 * ended when it takes too long. See workers.ts.
 */

/** Jobs of one order, by their place in it; `careful` asks for an answer after each. */
export interface Order {
  order: number
  jobs: Map<number, Job>
  careful: boolean
}

export interface Answer {
  order: number
  results: [at: number, result: ResultOf<Job>][]
  /** Nothing more comes of this order. */
  done: boolean
}

/** Answers are sent after so much work (ms), so that little is done again when this process ends. */
const FLUSH_AFTER = 10
/** Memory outside of V8's heap is not limited: beyond this, the process makes way for a new one (bytes). */
const MAX_RSS = 400 << 20
const MAX_SCHEMAS = 200

/** By what they say: the same schema arrives again with every order. */
const schemas = new Map<string, RegisteredSchema>()

process.once("disconnect", () => process.exit())
process.on("message", (given: Order) => {
  let results: Answer["results"] = []
  let flushed = performance.now()
  for (const [at, job] of given.jobs.entries()) {
    results.push([at, work(known(job))])
    if (given.careful || performance.now() - flushed > FLUSH_AFTER) {
      say({ order: given.order, results, done: false })
      results = []
      flushed = performance.now()
    }
  }
  say({ order: given.order, results, done: true })
  if (process.memoryUsage.rss() > MAX_RSS) process.disconnect()
})
say("ready")

/** With the very schema that came before, since what was compiled of it is remembered by it. */
function known(job: Job): Job {
  if (job.kind === "fit" || !job.found?.schema) return job
  return { ...job, found: { ...job.found, schema: same(job.found.schema) } }
}

/** One object of an order is one object here, so that it is looked up once. */
const seen = new WeakMap<RegisteredSchema, RegisteredSchema>()

function same(schema: RegisteredSchema): RegisteredSchema {
  const before = seen.get(schema)
  if (before) return before
  const key = JSON.stringify(schema)
  const kept = schemas.get(key) ?? schema
  schemas.delete(key)
  schemas.set(key, kept)
  const [oldest] = schemas.keys()
  if (schemas.size > MAX_SCHEMAS && oldest !== undefined) schemas.delete(oldest)
  seen.set(schema, kept)
  return kept
}

function say(word: Answer | "ready"): void {
  if (process.connected) process.send?.(word, undefined, undefined, () => undefined)
}
