import { DomainError } from "#server/errors.ts"
import type { Broker } from "./broker.ts"
import { type ObservedCall, observed } from "./observed.ts"
import type { ConnectOptions } from "./system.ts"
import { findSystem } from "./systems.ts"

/** What is needed to open a cluster. `revision` changes whenever the settings do. */
export interface Target {
  clusterId: number
  system: string
  connection: unknown
  revision: string
}

export interface ConnectionsOptions extends ConnectOptions {
  /** Told after every call to a broker; default: nobody is. */
  observe?: (system: string, call: ObservedCall) => void
}

/** One broker client a cluster, shared by all who ask, re-made when the settings change. */
export class Connections implements AsyncDisposable {
  readonly #open = new Map<number, { revision: string; broker: Broker }>()
  readonly #options: ConnectionsOptions

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** The broker of a cluster. Opens nothing yet: connecting happens at its first call. Throws DomainError. */
  get(target: Target): Broker {
    const existing = this.#open.get(target.clusterId)
    if (existing?.revision === target.revision) return existing.broker
    const system = findSystem(target.system)
    if (!system)
      throw new DomainError("unsupported", `This Signalbox does not know the system "${target.system}".`)
    const parsed = system.connection.safeParse(target.connection)
    if (!parsed.success) {
      const advice = "Open its settings and save them again."
      throw new DomainError(
        "bad_input",
        `The stored connection of this cluster is no longer valid. ${advice}`,
      )
    }
    if (existing) void this.#close(existing.broker, target.clusterId)
    const { observe = () => undefined } = this.#options
    const broker = observed(system.connect(parsed.data, this.#options), {
      observe: (call) => observe(system.id, call),
    })
    this.#open.set(target.clusterId, { revision: target.revision, broker })
    return broker
  }

  /** The clusters that have a client now. */
  get open(): number[] {
    return [...this.#open.keys()]
  }

  /** Closes the client of a cluster, if there is one. Never rejects. */
  async release(clusterId: number): Promise<void> {
    const existing = this.#open.get(clusterId)
    this.#open.delete(clusterId)
    if (existing) await this.#close(existing.broker, clusterId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.open.map((clusterId) => this.release(clusterId)))
  }

  async #close(broker: Broker, clusterId: number): Promise<void> {
    try {
      await broker[Symbol.asyncDispose]()
    } catch (error) {
      this.#options.log("warn", "a broker client did not close cleanly", { clusterId, err: error })
    }
  }
}
