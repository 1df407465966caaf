import type { Vault } from "#server/access/index.ts"
import {
  AlertEvaluator,
  countAlerts,
  deliverGroup,
  dispatch,
  installationName,
} from "#server/alerts/index.ts"
import { every } from "#server/every.ts"
import type { Logger } from "#server/log.ts"
import { type JobQueue, openQueue, type Store, transaction } from "#server/store/index.ts"
import type { AlertMetrics } from "./alert-metrics.ts"
import type { Leases } from "./leases.ts"

/** No cluster has this id: the lease of what there is only one of. */
const OWN_LEASE = 0
const EVALUATE_EVERY_MS = 10_000
const DISPATCH_EVERY_MS = 1000
/** Deliveries wait for others: many fit into one process. */
const DELIVERIES = 8
/** Longer than any delivery takes. */
const EXPIRE_SECONDS = 15

export interface OwnAlertsParts {
  store: Store
  vault: Vault
  log: Logger
  /** Where this Signalbox is reached, for links. */
  url: string
}

interface Delivery {
  groupId: string
}

/**
 * Evaluates what concerns Signalbox itself, and tells people of alerts, until the signal aborts. Any number of collectors
 * may run this: one evaluates and dispatches, all deliver. Never rejects.
 */
export async function keepAlerts(
  parts: OwnAlertsParts & { leases: Leases; alertMetrics: AlertMetrics },
  signal: AbortSignal,
): Promise<void> {
  const { log } = parts
  let evaluator: AlertEvaluator | null = null
  let evaluatedAt = 0
  await using deliveries = new Deliveries(parts)
  const turn = async () => {
    try {
      await deliveries.open()
      if (!(await parts.leases.take(OWN_LEASE))) {
        evaluator = null
        parts.alertMetrics.forget()
        return
      }
      const now = Date.now()
      if (now - evaluatedAt >= EVALUATE_EVERY_MS) {
        evaluator ??= new AlertEvaluator(null, log)
        evaluatedAt = now
        await evaluate(parts.store, evaluator, now)
        parts.alertMetrics.counted(await countAlerts(parts.store))
      }
      await dispatch({ ...parts, enqueue: (db, groupIds) => deliveries.add(db, groupIds) }, now)
    } catch (error) {
      log.warn({ err: error }, "alerts could not be looked after; trying again")
    }
  }
  await every(DISPATCH_EVERY_MS, turn, signal)
}

async function evaluate(store: Store, evaluator: AlertEvaluator, now: number): Promise<void> {
  const keep = await transaction(store, (client) => evaluator.round(client, now))
  keep()
}

/** The queue of deliveries: open as soon as there is a channel to deliver to. */
class Deliveries implements AsyncDisposable {
  readonly #parts: OwnAlertsParts
  #queue: JobQueue<Delivery> | null = null

  constructor(parts: OwnAlertsParts) {
    this.#parts = parts
  }

  async open(): Promise<void> {
    if (this.#queue) return
    const { store, log } = this.#parts
    if ((await store.prisma.alertChannel.count()) === 0) return
    const installation = await installationName(store)
    this.#queue = await openQueue<Delivery>(store.url, {
      name: "alert-delivery",
      concurrency: DELIVERIES,
      expireSeconds: EXPIRE_SECONDS,
      onError: (error) => log.warn({ err: error }, "the queue of deliveries failed; trying again"),
      work: ({ groupId }) =>
        deliverGroup({ ...this.#parts, installation, again: (...at) => this.#again(...at) }, groupId),
    })
  }

  /** Within a transaction. */
  async add(db: Parameters<JobQueue<Delivery>["add"]>[0], groupIds: readonly string[]): Promise<void> {
    if (!this.#queue) throw new Error("There is no queue of deliveries yet.")
    await this.#queue.add(
      db,
      groupIds.map((groupId) => ({ groupId })),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue?.[Symbol.asyncDispose]()
  }

  async #again(groupId: string, afterMs: number): Promise<void> {
    await transaction(this.#parts.store, async (client) => this.#queue?.add(client, [{ groupId }], afterMs))
  }
}
