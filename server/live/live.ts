import { EventEmitter, on } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { z } from "zod"
import { DomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"

const announcement = z.object({ cluster: z.number(), at: z.number().nullable() })

/** A cluster has new numbers (at), or its sweep failed (at: null). */
export type SweepAnnouncement = z.output<typeof announcement>

const alertEvents = z.object({ from: z.number(), to: z.number() })

/** Something happened to alerts: the ids of the first and the last event. */
export type AlertAnnouncement = z.output<typeof alertEvents>

/** What open pages hear of. */
export type Announcement = ({ kind: "sweep" } & SweepAnnouncement) | ({ kind: "alerts" } & AlertAnnouncement)

const RETRY_MS = 2000
const RIGHTS_DELAY_MS = 200
const SWEPT = "signalbox_sweep"
/** Sent by a trigger of the table of events of alerts. */
const ALERTS = "signalbox_alerts"
/** Sent by a trigger of the table of clusters. */
const REMOVED = "signalbox_cluster_removed"
/** Sent by triggers of whatever gives or takes rights. */
const RIGHTS = "signalbox_rights"

/** Hears of stored sweeps, alerts, removed clusters and changed rights by LISTEN on one connection, which it makes again when it breaks. */
export class Live implements AsyncDisposable {
  readonly #emitter = new EventEmitter().setMaxListeners(0)
  readonly #stop = new AbortController()
  readonly #url: string
  readonly #log: Logger
  #running: Promise<void> | null = null
  #onRemoval: () => void = () => undefined
  #rights: NodeJS.Timeout | undefined

  constructor(url: string, log: Logger) {
    this.#url = url
    this.#log = log
  }

  /** Announcements from now on, until the signal aborts. Rejects when Signalbox stops, so that browsers ask again. */
  async *announcements(signal: AbortSignal): AsyncGenerator<Announcement> {
    this.#running ??= this.#listen()
    try {
      const ends = AbortSignal.any([signal, this.#stop.signal])
      for await (const [event] of on(this.#emitter, "announcement", { signal: ends }))
        yield event as Announcement
    } catch (error) {
      if (signal.aborted) return
      if (this.#stop.signal.aborted) throw new DomainError("internal", "Signalbox is stopping.")
      throw error
    }
  }

  /**
   * Calls back whenever a cluster was removed, and whenever the connection is made: what was removed while nobody
   * listened was not heard of.
   */
  onRemoval(callback: () => void): void {
    this.#onRemoval = callback
    this.#running ??= this.#listen()
  }

  /** Calls back whenever anybody's rights may have changed, until the signal aborts. What is said twice is heard twice. */
  onRights(changed: () => void, signal: AbortSignal): void {
    this.#running ??= this.#listen()
    this.#emitter.on("rights", changed)
    signal.addEventListener("abort", () => this.#emitter.off("rights", changed), { once: true })
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
    client.on("notification", ({ channel, payload }) => {
      if (channel === REMOVED) return this.#onRemoval()
      if (channel === RIGHTS) return this.#rightsChanged()
      const said = channel === ALERTS ? parse(alertEvents, payload) : parse(announcement, payload)
      const kind = channel === ALERTS ? "alerts" : "sweep"
      if (said) this.#emitter.emit("announcement", { kind, ...said })
    })
    await client.connect()
    await client.query(`listen ${SWEPT}; listen ${ALERTS}; listen ${REMOVED}; listen ${RIGHTS}`)
    // Nothing was heard while there was no connection.
    this.#onRemoval()
    this.#rightsChanged()
    await ended
  }

  /** One check for a burst of changes: every open stream asks the database. */
  #rightsChanged(): void {
    this.#rights ??= setTimeout(() => {
      this.#rights = undefined
      this.#emitter.emit("rights")
    }, RIGHTS_DELAY_MS).unref()
  }
}

/** Null for what is no announcement: anybody who may use the database may notify on the channel. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  payload: string | undefined,
): z.output<Schema> | null {
  try {
    return schema.safeParse(JSON.parse(payload ?? "")).data ?? null
  } catch {
    return null
  }
}
