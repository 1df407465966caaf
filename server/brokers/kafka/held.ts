/** Bytes that somebody holds, until it is disposed. */
export interface Held extends Disposable {
  /** They turned out to be so many. */
  become(bytes: number): void
}

interface Waiting {
  bytes: number
  admit: () => void
}

/**
 * Bytes that all readers of this process hold together. Whoever wants more than there is waits, in turn; who holds some
 * for longer than `lapseMs` is not counted any longer, so that nobody waits for a reader who has left, or for a broker.
 */
export class Budget {
  readonly #most: number
  readonly #lapseMs: number
  readonly #waiting: Waiting[] = []
  #held = 0

  constructor(most: number, lapseMs: number) {
    this.#most = most
    this.#lapseMs = lapseMs
  }

  /** Rejects with the signal's reason when that aborts first. */
  async take(bytes: number, signal: AbortSignal): Promise<Held> {
    signal.throwIfAborted()
    if (this.#waiting.length > 0 || !this.#fits(bytes)) await this.#turn(bytes, signal)
    else this.#held += bytes
    return this.#hold(bytes)
  }

  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#held + bytes <= this.#most
  }

  #turn(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        admit: () => {
          signal.removeEventListener("abort", leave)
          resolve()
        },
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal.reason)
        this.#admit()
      }
      signal.addEventListener("abort", leave, { once: true })
      this.#waiting.push(waiting)
    })
  }

  #hold(bytes: number): Held {
    let counted = bytes
    const become = (wanted: number) => {
      this.#held += wanted - counted
      counted = wanted
      this.#admit()
    }
    const timer = setTimeout(() => become(0), this.#lapseMs).unref()
    return {
      become: (wanted) => {
        if (counted > 0) become(wanted)
      },
      [Symbol.dispose]: () => {
        clearTimeout(timer)
        become(0)
      },
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#held += next.bytes
      next.admit()
    }
  }
}

const MB = 1 << 20
const KEY = Symbol.for("signalbox.held")
const kept = globalThis as { [KEY]?: { pieces: Budget; fetches: Budget } }

/** The ones of this process: Next loads this module more than once. */
function own() {
  kept[KEY] ??= { pieces: new Budget(64 * MB, 10_000), fetches: new Budget(64 * MB, 2000) }
  return kept[KEY]
}

/** Messages that are handed on, and worked on. */
export function pieces(): Budget {
  return own().pieces
}

/** What was fetched and not yet worked on, as it came. */
export function fetches(): Budget {
  return own().fetches
}
