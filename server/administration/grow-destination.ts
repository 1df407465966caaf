import { z } from "zod"
import { acting } from "#server/access/index.ts"
import type { LogBounds } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { lookAt } from "./look-at.ts"
import { readersOf } from "./readers.ts"
import {
  type Administered,
  administer,
  confirmed,
  DRY,
  describeSubject,
  internalRefusal,
  mustBeTyped,
  REALLY,
  refusalOf,
  settingsOf,
  subjectInput,
} from "./subject.ts"
import type { GrowPreview } from "./views.ts"

/** `total`: how many there will be. */
export const previewGrowInput = subjectInput.extend({ total: z.number().int().min(1).max(100_000) })
/** `from`: how many the preview showed. */
export const growDestinationInput = previewGrowInput.extend({ from: z.number().int(), ...confirmed })

/** Partitions whose newest message is looked at for a key. */
const LOOKED_AT = 10

/** What more partitions change: keys move, and there is no way back. */
export async function previewGrow(
  ctx: Context,
  input: z.output<typeof previewGrowInput>,
): Promise<GrowPreview> {
  const { to, subject, log, problems } = await lookAt(ctx, input)
  const [readers, keyed, refused] = await Promise.all([
    readersOf(to, log),
    isKeyed(to, log),
    refusalOf(to.admin.growDestination(input, DRY, to.signal)),
  ])
  return {
    from: subject.destination.partitions.length,
    to: input.total,
    keyed,
    compacted: to.admin.settings.isCompacted(settingsOf(subject)),
    refusal: internalRefusal(subject) ?? refused,
    ...readers,
    problems: [...problems, ...readers.problems],
  }
}

/** Adds partitions. Rejects with `conflict` when there are other than the preview showed. */
export async function growDestination(
  ctx: Context,
  input: z.output<typeof growDestinationInput>,
): Promise<void> {
  mustBeTyped(input.confirm, input.destination)
  const to = await administer(ctx, input.cluster)
  const subject = await describeSubject(to, input.destination, { config: false })
  const refusal = internalRefusal(subject)
  if (refusal !== null) throw new DomainError("bad_input", refusal)
  const now = subject.destination.partitions.length
  if (now !== input.from)
    throw new DomainError("conflict", `There are ${now} partitions by now: look at the preview again.`)
  const act = {
    action: "destination.grow",
    target: input.destination,
    cluster: input.cluster,
    before: { partitions: now },
    after: { partitions: input.total },
  }
  await acting(ctx, act, () => to.admin.growDestination(input, REALLY, to.signal))
}

/** Whether the newest messages carry keys; null: there is none to look at. */
async function isKeyed({ broker, signal }: Administered, log: LogBounds | null): Promise<boolean | null> {
  if (!broker.messages || !log) return null
  const newest = log.ends.flatMap((end, partition) => {
    const start = log.starts[partition] ?? null
    return end !== null && start !== null && end > start
      ? [{ destination: log.name, partition, offset: end - 1n }]
      : []
  })
  const read = await broker.messages.read(newest.slice(0, LOOKED_AT), signal)
  const found = read.found.flatMap(({ message }) => (message ? [message] : []))
  return found.length === 0 ? null : found.some((message) => message.key !== null)
}
