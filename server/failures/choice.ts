import { z } from "zod"
import { partitionIndex, text, time } from "#server/inputs.ts"
import { Prisma } from "#server/store/prisma/client.ts"

const name = text(300).min(1).nullable().default(null)

/** Which dead letters of a group. */
export const letterChoice = z.strictObject({
  /** Only these; null: all that the rest lets through. */
  letters: z
    .array(z.string().regex(/^\d{1,18}$/))
    .min(1)
    .max(10_000)
    .nullable()
    .default(null),
  /** When they died, ms since the epoch. */
  from: time.nullable().default(null),
  to: time.nullable().default(null),
  /** The destination they lie in. */
  destination: name,
  partition: partitionIndex.nullable().default(null),
  replayed: z.enum(["no", "yes", "any"]).default("no"),
})

export type LetterChoice = z.output<typeof letterChoice>

/** `from` and `where` of SQL for the letters of a group. */
export function chosen(groupId: number, choice: LetterChoice): Prisma.Sql {
  const { letters, destination, partition, replayed } = choice
  const [from, to] = [choice.from, choice.to].map((ms) => (ms === null ? null : new Date(ms).toISOString()))
  return Prisma.sql`from failure_message m join destination d on d.id = m.destination_id
    where m.group_id = ${groupId} and d.deleted_at is null
      and (${letters}::bigint[] is null or m.id = any(${letters}::bigint[]))
      and (${from}::timestamptz is null or m.at >= ${from}::timestamptz)
      and (${to}::timestamptz is null or m.at < ${to}::timestamptz)
      and (${destination}::text is null or d.name = ${destination})
      and (${partition}::int is null or m.partition = ${partition}::int)
      and (${replayed}::text = 'any' or (m.replayed_by is not null) = (${replayed}::text = 'yes'))`
}
