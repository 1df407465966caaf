import { setTimeout as sleep } from "node:timers/promises"
import { isDataRefused, type Store } from "#server/store/index.ts"
import { makePartitions } from "./partitions.ts"
import type { PreparedRequest } from "./prepare.ts"
import { writeRequests } from "./write.ts"

/** How long a request waits for others to share its commit, ms; docs say at most 100. */
const GATHER_MS = 20
/** As many spans are committed without waiting for more. */
const ENOUGH_SPANS = 8192

interface Waiting {
  request: PreparedRequest
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * Commits requests together: one transaction at a time, and meanwhile the next requests gather. Who waits for `add` knows
 * that the request is committed.
 */
export class GroupCommit {
  readonly #store: Pick<Store, "pool">
  readonly #partitions = new Set<number>()
  #waiting: Waiting[] = []
  #isRunning = false

  constructor(store: Pick<Store, "pool">) {
    this.#store = store
  }

  /** Resolves when the request is committed; rejects with the database's error when it is not. */
  add(request: PreparedRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      const spans = this.#waiting.reduce((sum, one) => sum + one.request.spans, 0)
      if (spans < ENOUGH_SPANS) await sleep(GATHER_MS)
      await this.#commit(this.#waiting.splice(0))
    }
    this.#isRunning = false
  }

  async #commit(group: Waiting[]): Promise<void> {
    try {
      await this.#write(group.map((one) => one.request))
      for (const one of group) one.resolve()
    } catch (error) {
      // One that the database refuses must not fail the others.
      if (isDataRefused(error) && group.length > 1) for (const one of group) await this.#commit([one])
      else for (const one of group) one.reject(error)
    }
  }

  async #write(requests: readonly PreparedRequest[]): Promise<void> {
    await this.#ensurePartitions(requests)
    try {
      await writeRequests(this.#store, requests)
    } catch (error) {
      if (!isPartitionMissing(error)) throw error
      // Another receiver has dropped one since.
      this.#partitions.clear()
      await this.#ensurePartitions(requests)
      await writeRequests(this.#store, requests)
    }
  }

  async #ensurePartitions(requests: readonly PreparedRequest[]): Promise<void> {
    const missing = new Set<number>()
    for (const { partitions } of requests)
      for (const from of partitions) if (!this.#partitions.has(from)) missing.add(from)
    if (missing.size > 0) await makePartitions(this.#store, missing)
    for (const from of missing) this.#partitions.add(from)
  }
}

/** check_violation: "no partition of relation found for row". */
function isPartitionMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23514"
}
