import { z } from "zod"

const name = z.string().trim().min(1).max(300).nullable().default(null)

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
  from: z.number().int().nullable().default(null),
  to: z.number().int().nullable().default(null),
  /** The destination they lie in. */
  destination: name,
  partition: z.number().int().min(0).nullable().default(null),
  replayed: z.enum(["no", "yes", "any"]).default("no"),
})

export type LetterChoice = z.output<typeof letterChoice>

/** `from` and `where` of SQL for the letters of a group; parameters from $1 on. */
export function chosen(groupId: number, choice: LetterChoice): { sql: string; values: unknown[] } {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    sql: `from failure_message m join destination d on d.id = m.destination_id
      where m.group_id = $1 and d.deleted_at is null and ($2::bigint[] is null or m.id = any($2))
        and ($3::timestamptz is null or m.at >= $3) and ($4::timestamptz is null or m.at < $4)
        and ($5::text is null or d.name = $5) and ($6::int is null or m.partition = $6)
        and ($7::text = 'any' or (m.replayed_by is not null) = ($7 = 'yes'))`,
    values: [
      groupId,
      choice.letters,
      time(choice.from),
      time(choice.to),
      choice.destination,
      choice.partition,
      choice.replayed,
    ],
  }
}
