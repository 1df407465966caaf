import path from "node:path"
import { Worker } from "node:worker_threads"
import { DomainError } from "#server/errors.ts"
import { MAX_KEPT, TooLarge, unpack } from "./unpack.ts"
import type { Unpacked, UnpackOrder } from "./unpack-thread.ts"

/** Batches up to this are unpacked where they are needed: it takes milliseconds, and a thread would not be quicker. */
const MAX_AT_ONCE = 1 << 20
/** For one batch (ms), and memory of the thread beside what it unpacks (MB). */
const TIME_LIMIT = 10_000
const HEAP_MB = 64

/** The records of a batch; disposed when nobody needs them any more. */
export interface Records extends Disposable {
  bytes: Buffer
  /** They are gone when this is disposed: what is kept of them has to be copied before. */
  lent: boolean
}

/**
 * Decompresses the records of a batch. Large ones are decompressed in a thread, and one of them at a time is in memory:
 * the next one waits until it is disposed, which frees its memory at once. Rejects as `unpack` throws, and with a
 * DomainError when it takes too long.
 */
export async function unpackRecords(records: Buffer, codec: number): Promise<Records> {
  try {
    return {
      bytes: unpack(records, codec, codec === 0 ? {} : { max: MAX_AT_ONCE }),
      lent: false,
      [Symbol.dispose]: () => {},
    }
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
  }
  return apart().unpack(records, codec)
}

class Apart {
  #worker: Worker | null = null
  #last: Promise<void> = Promise.resolve()

  async unpack(records: Buffer, codec: number): Promise<Records> {
    const { promise, resolve: leave } = Promise.withResolvers<void>()
    const before = this.#last
    this.#last = before.then(() => promise)
    await before
    try {
      const bytes = await this.#one(records, codec)
      const lent = bytes.length > MAX_KEPT
      const dispose = () => {
        // The collector would do it later, and several of them would wait for it.
        if (lent && !bytes.buffer.detached) bytes.buffer.transfer(0)
        leave()
      }
      return { bytes, lent, [Symbol.dispose]: dispose }
    } catch (error) {
      leave()
      throw error
    }
  }

  #one(records: Buffer, codec: number): Promise<Buffer<ArrayBuffer>> {
    const worker = this.#worker ?? this.#start()
    const { promise, resolve, reject } = Promise.withResolvers<Buffer<ArrayBuffer>>()
    const timer = setTimeout(() => void worker.terminate(), TIME_LIMIT).unref()
    const ended = () => {
      this.#worker = null
      reject(new DomainError("unsupported", "It takes too long, or too much memory, to decompress it."))
    }
    const told = (answer: Unpacked) => {
      if (answer.bytes) return resolve(Buffer.from(answer.bytes.buffer, 0, answer.bytes.length))
      reject(answer.damage === null ? new TooLarge() : new RangeError(answer.damage))
      // What it had unpacked so far goes with it, at once.
      this.#worker = null
      void worker.terminate()
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

const KEY = Symbol.for("signalbox.unpacking")
const kept = globalThis as { [KEY]?: Apart }

/** The one of this process: Next loads this module more than once. */
function apart(): Apart {
  kept[KEY] ??= new Apart()
  return kept[KEY]
}
