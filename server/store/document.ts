import type { z } from "zod"
import { DomainError } from "#server/errors.ts"

/**
 * A JSON document of the database, checked. It may be of another version of Signalbox, or changed by hand: throws
 * `internal`, naming what it is of and what does not fit.
 */
export function readDocument<Schema extends z.ZodType>(
  schema: Schema,
  stored: unknown,
  of: string,
): z.output<Schema> {
  const parsed = schema.safeParse(stored)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : ""
  throw new DomainError(
    "internal",
    `${of} was stored in a form that this version of Signalbox cannot read (${issue?.message ?? "invalid"}${where}).`,
  )
}

/** The rows that can be read. One that cannot is told to `report`, and does not keep its neighbours from being shown. */
export function readEach<Row, Read>(
  rows: readonly Row[],
  read: (row: Row) => Read,
  report: (error: unknown) => void,
): Read[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)]
    } catch (error) {
      report(error)
      return []
    }
  })
}
