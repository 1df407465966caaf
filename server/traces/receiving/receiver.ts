import { DomainError, isDomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { isDataRefused, type Store, toStoreError } from "#server/store/index.ts"
import type { Cuts } from "../limits.ts"
import { type DecodedRequest, decodeRequest } from "../otlp/decode.ts"
import { Dictionaries } from "../storing/dictionaries.ts"
import { GroupCommit } from "../storing/group-commit.ts"
import { chunkIds } from "../storing/ids.ts"
import { dropPartitions, type TraceRetention } from "../storing/partitions.ts"
import { prepare } from "../storing/prepare.ts"
import { Room } from "./room.ts"

const DAY_MS = 86_400_000
/** Clocks of other machines may be ahead by this much. */
const AHEAD_MS = 3_600_000
/** Bytes of requests in memory, unpacked; more are asked to come again. */
const MAX_BYTES = 48 << 20

export interface Received {
  /** Spans that are committed. */
  accepted: number
  /** Spans that can never be kept, and why; the words are empty when there are none. */
  rejected: number
  words: string
}

/** What a receiver counts. */
export interface ReceiverCounts {
  accepted(spans: number): void
  rejected(spans: number): void
  cut(cuts: Cuts): void
  refused(reason: "busy" | "store" | "malformed"): void
}

export interface ReceiverParts {
  store: Pick<Store, "pool">
  keep: TraceRetention
  counts: ReceiverCounts
  log: Logger
}

/** Takes requests of OTLP spans, whatever way they came, and stores them. */
export class Receiver {
  readonly #store: Pick<Store, "pool">
  /** How long and how much is kept. */
  keep: TraceRetention
  readonly #counts: ReceiverCounts
  readonly #log: Logger
  readonly #dictionaries: Dictionaries
  readonly #commits: GroupCommit
  readonly #nextId: () => Promise<number>
  /** Of what is in memory: bodies that arrive, are decoded, or wait for their commit. */
  readonly room = new Room(MAX_BYTES)

  constructor({ store, keep, counts, log }: ReceiverParts) {
    this.#store = store
    this.keep = keep
    this.#counts = counts
    this.#log = log
    this.#dictionaries = new Dictionaries(store)
    this.#commits = new GroupCommit(store)
    this.#nextId = chunkIds(store)
  }

  /** Counts a request that had to be refused since there is no room for it. */
  refuseBusy(): void {
    this.#counts.refused("busy")
  }

  /**
   * Stores the spans of an ExportTraceServiceRequest. When it resolves, they are committed. Throws a DomainError: `bad_input`
   * for what is no such request, `store_unavailable` while the database is away, when the sender must try again.
   */
  async receive(body: Buffer): Promise<Received> {
    const now = Date.now()
    const decoded = this.#decode(body, now)
    if (decoded.spans > 0) await this.#commit(body, decoded)
    this.#counts.accepted(decoded.spans)
    this.#counts.rejected(decoded.rejected.count)
    this.#counts.cut(decoded.cuts)
    return { accepted: decoded.spans, rejected: decoded.rejected.count, words: decoded.rejected.say() }
  }

  /** Drops what is older or more than is kept. */
  expire(now: number): Promise<number[]> {
    return dropPartitions(this.#store, this.keep, now)
  }

  #decode(body: Buffer, now: number): DecodedRequest {
    try {
      return decodeRequest(body, { from: now - this.keep.days * DAY_MS, to: now + AHEAD_MS })
    } catch (error) {
      this.#counts.refused("malformed")
      throw error
    }
  }

  async #commit(body: Buffer, decoded: DecodedRequest): Promise<void> {
    try {
      const preparing = { dictionaries: this.#dictionaries, nextId: this.#nextId }
      await this.#commits.add(await prepare(body, decoded, preparing))
    } catch (error) {
      if (isDataRefused(error)) throw error
      this.#counts.refused("store")
      const known = toStoreError(error)
      if (isDomainError(known)) throw known
      // A lock, a full disk: the sender keeps the spans until it is over.
      this.#log.warn({ err: error }, "spans could not be stored; their sender is asked to try again")
      throw new DomainError(
        "store_unavailable",
        "The database did not take the spans: send them again later.",
        {
          cause: error,
        },
      )
    }
  }
}
