import pLimit from "p-limit"
import pg from "pg"

/** First key of the advisory locks; the second is the cluster's id. */
const LOCK_SPACE = 7245

/**
 * Who samples which cluster. A lease is a session-level advisory lock on one dedicated connection: Postgres gives it to
 * one collector only, and frees it at once when that collector's connection ends, however it ends.
 */
export class Leases implements AsyncDisposable {
  readonly #url: string
  readonly #onLost: () => void
  /** One connection, however many ask at once: a lease on another one would be neither checked nor given back. */
  readonly #inTurn = pLimit(1)
  #client: pg.Client | null = null
  readonly #held = new Set<number>()

  /** `onLost` is called when the connection, and with it every lease, is gone. */
  constructor(url: string, onLost: () => void) {
    this.#url = url
    this.#onLost = onLost
  }

  get held(): ReadonlySet<number> {
    return this.#held
  }

  /** True when the lease is ours, from before or from now on. Rejects when Postgres is away. */
  take(clusterId: number): Promise<boolean> {
    return this.#inTurn(() => this.#take(clusterId))
  }

  async #take(clusterId: number): Promise<boolean> {
    if (this.#held.has(clusterId)) return true
    const client = await this.#connected()
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1, $2) as got", [
      LOCK_SPACE,
      clusterId,
    ])
    if (rows[0]?.got) this.#held.add(clusterId)
    return rows[0]?.got ?? false
  }

  /** Proves that the connection still lives; one that is half-open, and with it every lease, is given up here. */
  check(): Promise<void> {
    return this.#inTurn(() => this.#check())
  }

  async #check(): Promise<void> {
    const client = this.#client
    if (!client) return
    await client.query("select 1").catch((error: unknown) => {
      this.#lose(client)
      throw error
    })
  }

  async give(clusterId: number): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#held.delete(clusterId)) return
      await this.#client?.query("select pg_advisory_unlock($1, $2)", [LOCK_SPACE, clusterId])
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#inTurn(async () => {
      const client = this.#client
      this.#client = null
      this.#held.clear()
      await client?.end().catch(() => undefined)
    })
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: 3000,
      query_timeout: 5000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 2000,
      application_name: "signalbox collector leases",
    })
    client.on("error", () => this.#lose(client))
    client.on("end", () => this.#lose(client))
    try {
      await client.connect()
      // A collector whose machine or network is gone closes nothing: Postgres has to find out by itself, and soon.
      await client.query(
        "set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3",
      )
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
    this.#client = client
    return client
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = null
    this.#held.clear()
    this.#onLost()
    void client.end().catch(() => undefined)
  }
}
