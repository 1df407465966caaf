import path from "node:path"
import { Worker } from "node:worker_threads"
import { DomainError } from "#server/errors.ts"
import { TooLarge, unpack } from "./unpack.ts"
import type { Unpacked, UnpackOrder } from "./unpack-thread.ts"

/** Batches up to this are unpacked where they are needed: it takes milliseconds, and a thread would not be quicker. */
const MAX_AT_ONCE = 1 << 20
/** For one batch (ms), and memory of the thread beside what it unpacks (MB). */
const TIME_LIMIT = 10_000
const HEAP_MB = 64
/** Large batches that may lie unpacked at a time, and for how long one of them counts (ms): who reads it may be slow. */
const MAX_LARGE = 1
const COUNTS_FOR = 2000

/** The records of a batch; disposed when nobody needs them any more. */
export interface Records extends Disposable {
  bytes: Buffer
}

/**
 * Decompresses the records of a batch. Large ones are decompressed one after another in a thread, and only few of them
 * lie in memory at a time. Rejects as `unpack` throws, and with a DomainError when it takes too long.
 */
export async function unpackRecords(records: Buffer, codec: number): Promise<Records> {
  try {
    return {
      bytes: unpack(records, codec, codec === 0 ? undefined : MAX_AT_ONCE),
      [Symbol.dispose]: () => {},
    }
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
  }
  const leave = await places.enter()
  try {
    const bytes = await thread.unpack(records, codec)
    setTimeout(leave, COUNTS_FOR).unref()
    return { bytes, [Symbol.dispose]: leave }
  } catch (error) {
    leave()
    throw error
  }
}

class Places {
  #free = MAX_LARGE
  readonly #waiting: (() => void)[] = []

  /** Waits for a place; the answer gives it back. */
  async enter(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let left = false
    const leave = () => {
      if (left) return
      left = true
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
    return leave
  }
}

class Thread {
  #worker: Worker | null = null
  #last: Promise<unknown> = Promise.resolve()

  unpack(records: Buffer, codec: number): Promise<Buffer> {
    const work = this.#last.then(() => this.#one(records, codec))
    this.#last = work.catch(() => undefined)
    return work
  }

  #one(records: Buffer, codec: number): Promise<Buffer> {
    const worker = this.#worker ?? this.#start()
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    const timer = setTimeout(() => void worker.terminate(), TIME_LIMIT).unref()
    const ended = () => {
      this.#worker = null
      reject(new DomainError("unsupported", "It takes too long, or too much memory, to decompress it."))
    }
    const told = (answer: Unpacked) => {
      if (answer.bytes) resolve(Buffer.from(answer.bytes.buffer))
      else reject(answer.damage === null ? new TooLarge() : new RangeError(answer.damage))
    }
    worker.ref()
    worker.once("message", told)
    worker.once("exit", ended)
    const own: UnpackOrder = { records: Uint8Array.from(records), codec }
    worker.postMessage(own, [own.records.buffer])
    return promise.finally(() => {
      clearTimeout(timer)
      worker.off("message", told)
      worker.off("exit", ended)
      worker.unref()
    })
  }

  #start(): Worker {
    // Not relative to this file: Next bundles it. Signalbox always runs in its own folder.
    const file = path.join(/* turbopackIgnore: true */ process.cwd(), "server/brokers/kafka/unpack-thread.ts")
    const worker = new Worker(/* turbopackIgnore: true */ file, {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    // What ends it is told by its exit.
    worker.on("error", () => undefined)
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = null
    })
    this.#worker = worker
    return worker
  }
}

const places = new Places()
const thread = new Thread()
