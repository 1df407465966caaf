import type { PoolClient } from "pg"
import { AlertEvaluator } from "#server/alerts/index.ts"
import type { ClusterTarget } from "#server/clusters/index.ts"
import type { Logger } from "#server/log.ts"
import { type Store, transaction } from "#server/store/index.ts"

interface Parts {
  store: Store
  target: ClusterTarget
  log: Logger
}

/** Evaluates the alert rules of one cluster at each of its samples. */
export class ClusterAlerts {
  readonly #parts: Parts
  readonly #evaluator: AlertEvaluator

  constructor(parts: Parts) {
    this.#parts = parts
    const { clusterId: id, slug, name, system, environment } = parts.target
    this.#evaluator = new AlertEvaluator({ id, slug, name, system, environment }, parts.log)
  }

  /** A sample is being stored by this transaction. A failure of the rules is none of the sample's. */
  async stored(client: PoolClient, at: number): Promise<() => void> {
    await client.query("savepoint alerts")
    try {
      const keep = await this.#evaluator.round(client, at)
      await client.query("release savepoint alerts")
      return keep
    } catch (error) {
      this.#failed(error)
      await client.query("rollback to savepoint alerts")
      return () => undefined
    }
  }

  /** There was no sample: nothing of the cluster is known at this moment. Never rejects. */
  async missed(at: number): Promise<void> {
    try {
      const keep = await transaction(this.#parts.store, (client) => this.#evaluator.round(client, at, true))
      keep()
    } catch (error) {
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    const { log, target } = this.#parts
    log.error({ cluster: target.slug, err: error }, "alert rules could not be evaluated")
  }
}
