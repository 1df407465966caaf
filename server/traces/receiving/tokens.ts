import { timingSafeEqual } from "node:crypto"
import { tokenHash } from "#server/access/index.ts"
import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"

/** Whether an Authorization header lets its sender in. Rejects with the database's error while no one knows. */
export type TokenCheck = (authorization: string | undefined) => boolean | Promise<boolean>

/** How long what was read of the tokens holds. */
const HOLDS_MS = 10_000
/** How often it is written down that a token was used. */
const NOTE_EVERY_MS = 60_000

/**
 * Lets in who names one of the bearer tokens, of the environment or of the settings page; everyone when there is none. A
 * database that is away changes nothing: what was read before holds.
 */
export class SpanTokens {
  readonly #own: readonly string[]
  readonly #store: Pick<Store, "pool">
  readonly #log: Logger
  /** Id and when a use was written down, by the token's hash. */
  #stored: Map<string, { id: string; notedAt: number }> | null = null
  #readAt = 0
  #reading: Promise<void> | null = null

  constructor(own: readonly string[], { store, log }: { store: Pick<Store, "pool">; log: Logger }) {
    this.#own = own.map(tokenHash)
    this.#store = store
    this.#log = log
  }

  /** See TokenCheck. */
  async admits(authorization: string | undefined): Promise<boolean> {
    if (Date.now() - this.#readAt > HOLDS_MS) await this.#read()
    const stored = this.#stored ?? new Map<string, { id: string; notedAt: number }>()
    if (this.#own.length === 0 && stored.size === 0) return true
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? []
    if (token === undefined) return false
    const given = tokenHash(token)
    // All are compared, so that the time says nothing.
    const fitting = [...this.#own, ...stored.keys()].filter((one) => isSame(one, given))
    for (const hash of fitting) this.#note(stored.get(hash))
    return fitting.length > 0
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #readNow(): Promise<void> {
    try {
      const { rows } = await this.#store.pool.query<{ id: string; hash: string }>(
        "select id, hash from traces.token where revoked_at is null",
      )
      const before = this.#stored
      this.#stored = new Map(rows.map(({ id, hash }) => [hash, before?.get(hash) ?? { id, notedAt: 0 }]))
    } catch (error) {
      if (this.#stored === null) throw error
      this.#log.warn({ err: error }, "the tokens for spans could not be read; those that were known hold")
    }
    this.#readAt = Date.now()
  }

  #note(token: { id: string; notedAt: number } | undefined): void {
    if (!token || Date.now() - token.notedAt < NOTE_EVERY_MS) return
    token.notedAt = Date.now()
    this.#store.pool
      .query("update traces.token set last_used_at = now() where id = $1", [token.id])
      .catch((error: unknown) => this.#log.debug({ err: error }, "the use of a token was not written down"))
  }
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
