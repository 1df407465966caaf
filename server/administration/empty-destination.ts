import { z } from "zod"
import { acting } from "#server/access/index.ts"
import type { LogBounds, Position, Problem } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { partitionIndex } from "#server/inputs.ts"
import { type Looked, lookAt, lookBefore } from "./look-at.ts"
import { messagesOf, readersOf } from "./readers.ts"
import { bytesOf, confirmed, internalRefusal, settingsOf, subjectInput } from "./subject.ts"
import type { EmptyPreview } from "./views.ts"

export const previewEmptyInput = subjectInput

const until = z.object({ partition: partitionIndex, before: z.number().int().min(0) })

/** `until` and `uid` are those of the preview: what arrived since stays. */
export const emptyDestinationInput = subjectInput.extend({
  uid: z.string().nullable(),
  until: z.array(until).min(1, "There is nothing to delete.").max(100_000),
  ...confirmed,
})

/** How much goes, and who has not read it yet. */
export async function previewEmpty(
  ctx: Context,
  input: z.output<typeof previewEmptyInput>,
): Promise<EmptyPreview> {
  const { to, subject, log, problems } = await lookAt(ctx, input)
  const readers = await readersOf(to, log)
  const ends = log?.ends ?? []
  return {
    uid: subject.destination.uid,
    messages: messagesOf(log),
    bytes: bytesOf(subject.destination),
    until: ends.flatMap((end, partition) => (end === null ? [] : [{ partition, before: Number(end) }])),
    refusal: refusalFor({ to, subject }),
    ...readers,
    problems: [...problems, ...readers.problems],
  }
}

interface Emptied {
  deleted: number
  /** How many were emptied. */
  partitions: number
  problems: Problem[]
}

/** Deletes the messages up to the preview's positions; tells how many went, and what could not be emptied. */
export async function emptyDestination(
  ctx: Context,
  input: z.output<typeof emptyDestinationInput>,
): Promise<Emptied> {
  const { to, log } = await lookBefore(ctx, input, refusalFor)
  const { destination } = input
  const before = input.until.map((one) => ({
    destination,
    partition: one.partition,
    offset: BigInt(one.before),
  }))
  return acting(
    ctx,
    {
      action: "destination.empty",
      target: destination,
      cluster: input.cluster,
      after: {
        upTo: Object.fromEntries(input.until.slice(0, 500).map((one) => [one.partition, one.before])),
      },
      told: ({ deleted, partitions, problems }: Emptied) => ({
        after: { deleted, partitions, notEmptied: problems.map((one) => one.message).slice(0, 50) },
        ...(problems[0] ? { result: "failed" as const, reason: problems[0].message } : {}),
      }),
    },
    async () => {
      const { left, problems } = await to.admin.deleteRecords(before, to.signal)
      if (left.length === 0)
        throw new DomainError("refused_by_broker", problems[0]?.message ?? "No message was deleted.")
      return { deleted: deletedSince(log, left), partitions: left.length, problems }
    },
  )
}

/** How many messages went, by where the partitions began before. */
function deletedSince(log: LogBounds | null, left: readonly Position[]): number {
  return left.reduce((sum, { partition, offset }) => {
    const start = log?.starts[partition] ?? offset
    return offset > start ? sum + Number(offset - start) : sum
  }, 0)
}

function refusalFor({ to, subject }: Pick<Looked, "to" | "subject">): string | null {
  return internalRefusal(subject) ?? to.admin.settings.whyNotEmptied(settingsOf(subject))
}
