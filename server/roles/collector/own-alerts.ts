import type { Vault } from "#server/access/index.ts"
import {
  AlertEvaluator,
  countAlerts,
  deliverChannel,
  dispatch,
  dueChannels,
  installationName,
} from "#server/alerts/index.ts"
import { every } from "#server/every.ts"
import type { Logger } from "#server/log.ts"
import { type Store, transaction } from "#server/store/index.ts"
import type { AlertMetrics } from "./alert-metrics.ts"
import type { Leases } from "./leases.ts"

/** No cluster has this id: the lease of what there is only one of. */
const OWN_LEASE = 0
const EVALUATE_EVERY_MS = 10_000
const DISPATCH_EVERY_MS = 1000
const DELIVER_EVERY_MS = 500
/** Channels that one process delivers to at the same time; each takes a connection of the store. */
const DELIVERIES = 8

export interface OwnAlertsParts {
  store: Store
  vault: Vault
  log: Logger
  /** Where this Signalbox is reached, for links. */
  url: string
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
  const turn = async () => {
    try {
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
      await dispatch(parts, now)
    } catch (error) {
      log.warn({ err: error }, "alerts could not be looked after; trying again")
    }
  }
  await Promise.all([every(DISPATCH_EVERY_MS, turn, signal), keepDelivering(parts, signal)])
}

async function evaluate(store: Store, evaluator: AlertEvaluator, now: number): Promise<void> {
  const keep = await transaction(store, (client) => evaluator.round(client, now))
  keep()
}

/** Delivers to the channels that have something due, until the signal aborts and what is under way is recorded. */
async function keepDelivering(parts: OwnAlertsParts, signal: AbortSignal): Promise<void> {
  const { store, log } = parts
  const now = Date.now
  const running = new Map<string, Promise<void>>()
  let installation: string | null = null
  const failed = (error: unknown) => log.warn({ err: error }, "deliveries failed; trying again")
  const turn = async () => {
    try {
      const due = await dueChannels({ store, now })
      if (due.length === 0) return
      installation ??= await installationName(store)
      const all = { ...parts, now, installation }
      for (const id of due.filter((one) => !running.has(one)).slice(0, DELIVERIES - running.size)) {
        const delivering = deliverChannel(all, id, signal)
          .catch(failed)
          .finally(() => running.delete(id))
        running.set(id, delivering)
      }
    } catch (error) {
      failed(error)
    }
  }
  await every(DELIVER_EVERY_MS, turn, signal)
  await Promise.all(running.values())
}
