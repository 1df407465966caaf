import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { pageNumber } from "#server/inputs.ts"
import { Prisma } from "#server/store/prisma/client.ts"
import { chosen, letterChoice } from "../choice.ts"
import { failureInput, findFailureGroup } from "../find-failure-group.ts"
import type { LetterRow } from "../views.ts"

export const listLettersInput = failureInput.extend({
  choice: letterChoice.prefault({ replayed: "any" }),
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(20),
})

/** Dead letters of a group, the latest first. */
export async function listLetters(
  ctx: Context,
  input: z.output<typeof listLettersInput>,
): Promise<{ rows: LetterRow[]; total: number }> {
  const { id } = await findFailureGroup(ctx, input)
  const letters = chosen(id, input.choice)
  const before = (input.page - 1) * input.pageSize
  const [found, counted] = await Promise.all([
    ctx.store.pool.query<Row>(
      Prisma.sql`select ${Prisma.raw(COLUMNS)} ${letters} order by m.at desc, m.id desc
        limit ${input.pageSize} offset ${before}`,
    ),
    ctx.store.pool.query<{ total: number }>(Prisma.sql`select count(*)::int as total ${letters}`),
  ])
  return { rows: found.rows.map(toLetterRow), total: counted.rows[0]?.total ?? 0 }
}

/** One dead letter of a cluster. Rejects with `not_found`. */
export async function findLetter(ctx: Context, cluster: string, id: string): Promise<LetterRow> {
  const { rows } = await ctx.store.pool.query<Row>(
    `select ${COLUMNS} from failure_message m join destination d on d.id = m.destination_id
     join cluster c on c.id = d.cluster_id where m.id = $1 and c.slug = $2`,
    [id, cluster],
  )
  const [row] = rows
  if (!row)
    throw new DomainError("not_found", "This dead letter no longer exists: the broker has deleted it.")
  return toLetterRow(row)
}

const COLUMNS = `m.id::text as id, m.at, d.name as destination, m.partition, m."offset"::text as "offset",
  m.original_destination, m.original_partition, m.original_offset::text as original_offset, m.attempts, m.bytes,
  m.replay_of is not null as failed_again, m.replayed_by is not null as replayed`

interface Row {
  id: string
  at: Date
  destination: string
  partition: number
  offset: string
  original_destination: string | null
  original_partition: number | null
  original_offset: string | null
  attempts: number | null
  bytes: number
  failed_again: boolean
  replayed: boolean
}

function toLetterRow(row: Row): LetterRow {
  return {
    id: row.id,
    at: row.at.getTime(),
    destination: row.destination,
    partition: row.partition,
    offset: row.offset,
    original:
      row.original_destination === null
        ? null
        : {
            destination: row.original_destination,
            partition: row.original_partition,
            offset: row.original_offset,
          },
    attempts: row.attempts,
    bytes: row.bytes,
    failedAgain: row.failed_again,
    replayed: row.replayed,
  }
}
