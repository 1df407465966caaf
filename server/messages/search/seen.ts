import { identityOf } from "#server/access/index.ts"
import type { Broker, Message } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { hidesAny, type Mask, noMask } from "../masking/mask.ts"
import { type MaskPlan, maskBy, maskFor } from "../masking/mask-for.ts"
import type { MaskingRule } from "../masking/rule.ts"
import { type Job, readJob } from "./job.ts"

type Asked = Pick<Job, "cluster" | "destination" | "masked" | "maskPlan" | "createdAs">

/** A search that the actor may see (see `maySee`). Rejects with `not_found`, and with `forbidden`. */
export async function readSeenJob(ctx: Context, input: { cluster: string; id: string }): Promise<Job> {
  const job = await readJob(ctx, input)
  if (await maySee(ctx, job)) return job
  throw new DomainError(
    "forbidden",
    ranUnmasked(job)
      ? `This search read messages of ${job.destination} that are masked for you. Only its author, and people who have unmasked the topic, can see it.`
      : `Masking rules for ${job.destination} hide more than when this search ran: start a new one.`,
  )
}

/**
 * The question and the matches of a search reveal what the messages say. Of one that read them unmasked, only its author,
 * and people who have unmasked them too, may see it; any other is seen while nothing is hidden that was not hidden from
 * the search.
 */
export async function maySee(ctx: Context, job: Asked): Promise<boolean> {
  const { mask } = await maskFor(ctx, job.cluster, job.destination)
  if (!hidesAny(mask)) return true
  if (ranUnmasked(job)) return job.createdAs === identityOf(ctx.actor)
  return isWithin(mask.order.rules, job.maskPlan?.rules ?? [])
}

/**
 * Which matches may be shown through the mask of whoever looks: of a message that says that it is a copy, rules of where
 * it comes from hold too, and they may be newer than the search.
 */
export function seenMatches(job: Asked, now: Mask, broker: Broker): (message: Message) => boolean {
  if (ranUnmasked(job)) return () => true
  const then = job.maskPlan ? maskBy(job.maskPlan, broker.deadLetters?.dialects ?? [], "") : noMask
  return (message) => isWithin(now.of(message).order.rules, then.of(message).order.rules)
}

/** Whether a search that ran under one plan may go on under the other: what it has found hides no less. */
export function mayGoOn(then: MaskPlan | null, now: MaskPlan): boolean {
  return (
    isWithin(now.rules, then?.rules ?? []) &&
    isWithin(now.all, then?.all ?? []) &&
    now.originHeaders.every((header) => then?.originHeaders.includes(header))
  )
}

/** Whether whoever asked for it had unmasked the messages. */
export function ranUnmasked(job: Pick<Job, "masked" | "maskPlan">): boolean {
  return !job.masked && job.maskPlan === null
}

function isWithin(rules: readonly MaskingRule[], others: readonly MaskingRule[]): boolean {
  const known = new Set(others.map(sameRule))
  return rules.every((rule) => known.has(sameRule(rule)))
}

function sameRule({ destination, part, kind, expression, how }: MaskingRule): string {
  return JSON.stringify([destination, part, kind, expression, how])
}
