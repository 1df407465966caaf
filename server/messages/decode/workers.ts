import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import type { LimitKind } from "./budget.ts"
import type { Job, ResultOf } from "./job.ts"
import type { Answer, Order } from "./process.ts"

/** What came of a job: its result, or why there is none. */
export type Outcome<Result> = { result: Result } | { result: null; limit: LimitKind; why: string }

export interface WorkerLimits {
  /** Processes at a time, and memory of each (MB). */
  workers: number
  memoryMb: number
  /** For one job; for all jobs of one call, with their wait (ms). */
  jobMs: number
  callMs: number
  /** Calls that may wait. */
  waiting: number
}

const LIMITS: WorkerLimits = { workers: 2, memoryMb: 256, jobMs: 5000, callMs: 30_000, waiting: 200 }
/** How long a process may take to start, and stays when it has nothing to do (ms). */
const STARTS_WITHIN = 15_000
const IDLE = 5 * 60_000

interface Task {
  jobs: Map<number, Job>
  careful: boolean
  until: number
  report: (at: number, outcome: Outcome<ResultOf<Job>>) => void
}

interface Worker {
  child: ChildProcess
  up: boolean
  task: Task | null
  /** Why it is being ended. */
  ending: LimitKind | null
  timer: NodeJS.Timeout | undefined
}

/**
 * Processes that read what others wrote. One that takes too long or too much memory is ended: only the job that did it
 * fails, the others of its order go to another process.
 */
export class Workers implements Disposable {
  readonly #limits: WorkerLimits
  readonly #workers = new Set<Worker>()
  #waiting: Task[] = []
  #orders = 0

  constructor(limits: Partial<WorkerLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits }
  }

  /** What came of each job, in their order. Never rejects. */
  run<Work extends Job>(jobs: readonly Work[]): Promise<Outcome<ResultOf<Work>>[]> {
    if (jobs.length === 0) return Promise.resolve([])
    const { promise, resolve } = Promise.withResolvers<Outcome<ResultOf<Work>>[]>()
    const outcomes: Outcome<ResultOf<Work>>[] = []
    let left = jobs.length
    this.#enqueue({
      jobs: new Map(jobs.entries()),
      careful: false,
      until: performance.now() + this.#limits.callMs,
      report: (at, outcome) => {
        outcomes[at] = outcome as Outcome<ResultOf<Work>>
        left -= 1
        if (left === 0) resolve(outcomes)
      },
    })
    return promise
  }

  [Symbol.dispose](): void {
    for (const { child } of this.#workers) child.kill("SIGKILL")
  }

  #enqueue(task: Task): void {
    if (this.#waiting.length >= this.#limits.waiting) {
      fail(task, "time", "too many other messages are being read at the moment")
      return
    }
    this.#waiting.push(task)
    this.#pump()
  }

  #pump(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#workers].find((one) => one.up && !one.task && !one.ending && one.child.connected)
      if (!idle) {
        const starting = [...this.#workers].some((one) => !one.up)
        if (!starting && this.#workers.size < this.#limits.workers) this.#start()
        return
      }
      const task = this.#waiting.shift()
      if (task) this.#give(idle, task)
    }
  }

  #give(worker: Worker, task: Task): void {
    if (performance.now() > task.until) {
      fail(task, "time", "there was no time left for it")
      return
    }
    worker.task = task
    this.#watch(worker, this.#limits.jobMs)
    this.#orders += 1
    const order: Order = { order: this.#orders, jobs: task.jobs, careful: task.careful }
    worker.child.send(order, (error) => {
      if (error) worker.child.kill("SIGKILL")
    })
  }

  #watch(worker: Worker, within: number): void {
    clearTimeout(worker.timer)
    const end = () => {
      if (worker.up && !worker.task) return worker.child.disconnect()
      worker.ending = "time"
      worker.child.kill("SIGKILL")
    }
    worker.timer = setTimeout(end, within).unref()
  }

  #start(): void {
    // Not relative to this file: Next bundles it. Signalbox always runs in its own folder.
    const file = path.join(/* turbopackIgnore: true */ process.cwd(), "server/messages/decode/process.ts")
    const child = fork(/* turbopackIgnore: true */ file, [], {
      // Nothing of ours is in its environment: no address of the database, no key.
      env: { NODE_ENV: "production" },
      execArgv: [`--max-old-space-size=${this.#limits.memoryMb}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    })
    const worker: Worker = { child, up: false, task: null, ending: null, timer: undefined }
    this.#workers.add(worker)
    this.#watch(worker, STARTS_WITHIN)
    child.on("message", (word: Answer | "ready") => this.#hear(worker, word))
    child.once("exit", () => this.#ended(worker))
    child.once("error", () => this.#ended(worker))
    child.unref()
    child.channel?.unref()
  }

  #hear(worker: Worker, word: Answer | "ready"): void {
    if (word === "ready") worker.up = true
    else {
      const { task } = worker
      for (const [at, result] of word.results) if (task?.jobs.delete(at)) task.report(at, { result })
      if (word.done) worker.task = null
    }
    this.#watch(worker, worker.task ? this.#limits.jobMs : IDLE)
    this.#pump()
  }

  /** A process that ends by itself while it works has no more memory: V8 ends it then. */
  #ended(worker: Worker): void {
    clearTimeout(worker.timer)
    if (!this.#workers.delete(worker)) return
    const { task, up } = worker
    if (task) this.#again(task, worker.ending ?? "memory")
    if (!up)
      for (const one of this.#waiting.splice(0)) fail(one, "time", "the process that reads it did not start")
    this.#pump()
  }

  /** When it was careful the first job that is left did it; else it is looked for by being careful. */
  #again(task: Task, limit: LimitKind): void {
    const [culprit] = task.jobs.keys()
    if (culprit !== undefined && (task.careful || task.jobs.size === 1)) {
      task.jobs.delete(culprit)
      const why = limit === "time" ? "reading it takes too long" : "reading it takes too much memory"
      task.report(culprit, { result: null, limit, why })
    }
    if (task.jobs.size > 0) this.#waiting.unshift({ ...task, careful: true })
  }
}

function fail(task: Task, limit: LimitKind, why: string): void {
  for (const at of task.jobs.keys()) task.report(at, { result: null, limit, why })
  task.jobs.clear()
}

const KEY = Symbol.for("signalbox.decoders")
const kept = globalThis as { [KEY]?: Workers }

/** The ones of this process: Next loads this module more than once. */
export function decoders(): Workers {
  kept[KEY] ??= new Workers()
  return kept[KEY]
}
