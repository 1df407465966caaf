/** Nesting below which a value is read; deeper ones are hostile or broken, and recursion over them must stay safe. */
export const MAX_DEPTH = 200
/** Values, names and containers in one decoded key or value. */
export const MAX_NODES = 250_000

export type LimitKind = "depth" | "size" | "time" | "memory"

/** A value needs more than Signalbox spends on one message. The message says which limit it was. */
export class LimitError extends Error {
  readonly limit: LimitKind

  constructor(limit: LimitKind, message: string) {
    super(message)
    this.limit = limit
  }
}

/** What is left for one value. Every decoder draws on it before it allocates. */
export class Budget {
  #depth: number
  #nodes: number

  constructor(limits: { depth?: number; nodes?: number } = {}) {
    this.#depth = limits.depth ?? MAX_DEPTH
    this.#nodes = limits.nodes ?? MAX_NODES
  }

  /** Takes `count` values. Throws a LimitError when there are no more. */
  take(count = 1): void {
    this.#nodes -= count
    if (this.#nodes < 0)
      throw new LimitError("size", `it holds more than ${MAX_NODES.toLocaleString("en")} values`)
  }

  /** Goes into a container; `leave` goes out again. Throws a LimitError when it is nested too deeply. */
  enter(): void {
    this.take()
    this.#depth -= 1
    if (this.#depth < 0) throw new LimitError("depth", `it is nested more than ${MAX_DEPTH} levels deep`)
  }

  leave(): void {
    this.#depth += 1
  }
}
