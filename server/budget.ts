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
  readonly #max: number
  readonly #lapseMs: number
  readonly #waiting: Waiting[] = []
  #held = 0

  constructor(max: number, lapseMs: number) {
    this.#max = max
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
    return this.#held === 0 || this.#held + bytes <= this.#max
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

const KEY = Symbol.for("signalbox.budgets")
const kept = globalThis as { [KEY]?: Map<string, Budget> }

/** The budget of this process that has the name: Next loads its modules more than once. */
export function budgetOf(name: string, max: number, lapseMs: number): Budget {
  kept[KEY] ??= new Map()
  const budget = kept[KEY].get(name) ?? new Budget(max, lapseMs)
  kept[KEY].set(name, budget)
  return budget
}
