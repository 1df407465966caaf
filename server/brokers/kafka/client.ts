import { type API, type Broker as BrokerAddress, type Connection, ConnectionPool } from "@platformatic/kafka"
import { DomainError } from "#server/errors.ts"
import { abortable } from "./abortable.ts"
import { type Address, bootstrapAddresses, type KafkaConnection, toPlatformatic } from "./connection.ts"
import { answerOf } from "./errors.ts"

export interface Traffic {
  requests: number
  bytesIn: number
  bytesOut: number
}

/**
 * Connections to the brokers of one cluster, one each, opened when first needed. Sends protocol messages through the
 * codecs of @platformatic/kafka; an answer in which single parts failed is returned, not thrown: its parts carry
 * their error codes, and every caller looks at them.
 */
export class KafkaClient implements AsyncDisposable {
  readonly #bootstrap: Address[]
  readonly #make: () => ConnectionPool
  #pool: ConnectionPool | null = null
  #closed = false
  #requests = 0
  readonly #gone = { bytesIn: 0, bytesOut: 0 }

  constructor(connection: KafkaConnection, clientId: string) {
    this.#bootstrap = bootstrapAddresses(connection)
    this.#make = () => new ConnectionPool(clientId, toPlatformatic(connection))
  }

  /** Sends to one broker. Rejects when it cannot be reached, does not answer, or when `signal` aborts. */
  async send<Request extends unknown[], Answer>(
    to: BrokerAddress,
    api: API<Request, Answer>,
    request: { args: Request; signal: AbortSignal },
  ): Promise<Answer> {
    const connection = await abortable(this.#connections().get(to), request.signal)
    return this.#ask(connection, api, request)
  }

  /** Sends to the first bootstrap server that takes the connection. */
  async sendToAny<Request extends unknown[], Answer>(
    api: API<Request, Answer>,
    request: { args: Request; signal: AbortSignal },
  ): Promise<Answer> {
    const connection = await abortable(this.#connections().getFirstAvailable(this.#bootstrap), request.signal)
    return this.#ask(connection, api, request)
  }

  /** What was sent and received since the client was made. */
  traffic(): Traffic {
    const total = { requests: this.#requests, ...this.#gone }
    for (const [, connection] of this.#pool ?? []) {
      total.bytesIn += connection.socket?.bytesRead ?? 0
      total.bytesOut += connection.socket?.bytesWritten ?? 0
    }
    return total
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const pool = this.#pool
    this.#pool = null
    if (!pool) return
    for (const [, connection] of pool) connection.socket?.destroy()
    await pool.close().catch(() => undefined)
  }

  #connections(): ConnectionPool {
    if (this.#closed) throw new DomainError("unreachable", "This connection was closed.")
    if (!this.#pool) {
      this.#pool = this.#make()
      this.#pool.on("disconnect", ({ connection }) => this.#count(connection))
    }
    return this.#pool
  }

  #count(connection: Connection): void {
    this.#gone.bytesIn += connection.socket?.bytesRead ?? 0
    this.#gone.bytesOut += connection.socket?.bytesWritten ?? 0
  }

  async #ask<Request extends unknown[], Answer>(
    connection: Connection,
    api: API<Request, Answer>,
    request: { args: Request; signal: AbortSignal },
  ): Promise<Answer> {
    this.#requests += 1
    try {
      return await abortable(api.async(connection, ...request.args), request.signal)
    } catch (error) {
      const answer = answerOf<Answer>(error)
      if (answer === undefined) throw error
      return answer
    }
  }
}
