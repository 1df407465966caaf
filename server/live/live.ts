import { EventEmitter, on } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { z } from "zod"
import { DomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"

const announcement = z.object({ cluster: z.number(), at: z.number().nullable() })

/** A cluster has new numbers (at), or its sweep failed (at: null). */
export type SweepAnnouncement = z.output<typeof announcement>

const RETRY_MS = 2000

/** Hears of every stored sweep by LISTEN on one connection, which it makes again when it breaks. */
export class Live implements AsyncDisposable {
  readonly #emitter = new EventEmitter().setMaxListeners(0)
  readonly #stop = new AbortController()
  readonly #url: string
  readonly #log: Logger
  #running: Promise<void> | null = null

  constructor(url: string, log: Logger) {
    this.#url = url
    this.#log = log
  }

  /** Announcements from now on, until the signal aborts. Rejects when Signalbox stops, so that browsers ask again. */
  async *sweeps(signal: AbortSignal): AsyncGenerator<SweepAnnouncement> {
    this.#running ??= this.#listen()
    try {
      const ends = AbortSignal.any([signal, this.#stop.signal])
      for await (const [event] of on(this.#emitter, "sweep", { signal: ends }))
        yield event as SweepAnnouncement
    } catch (error) {
      if (signal.aborted) return
      if (this.#stop.signal.aborted) throw new DomainError("internal", "Signalbox is stopping.")
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #listen(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const client = new pg.Client({
        connectionString: this.#url,
        connectionTimeoutMillis: 3000,
        keepAlive: true,
      })
      try {
        await this.#hear(client)
      } catch (error) {
        this.#log.warn({ err: error }, "cannot listen for sweeps; trying again")
      }
      await client.end().catch(() => undefined)
      await sleep(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
  }

  async #hear(client: pg.Client): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      client.once("error", () => resolve())
      client.once("end", () => resolve())
      this.#stop.signal.addEventListener("abort", () => resolve(), { once: true })
    })
    client.on("notification", ({ payload }) => {
      const parsed = announcement.safeParse(JSON.parse(payload ?? "null"))
      if (parsed.success) this.#emitter.emit("sweep", parsed.data)
    })
    await client.connect()
    await client.query("listen signalbox_sweep")
    await ended
  }
}
