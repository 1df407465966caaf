import { CsvError, parse } from "csv-parse/sync"
import { z } from "zod"
import { DomainError } from "#server/errors.ts"
import { type Place, placeKey } from "#server/place.ts"

const NAME = /^[A-Za-z0-9._-]{1,249}$/
const PARTITION = /^\d{1,9}$/
const OFFSET = /^\d{1,16}$/

/** `lines`: how many were read so far, empty lines and comments among them. The library types records without `info`. */
const rows = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/**
 * Lines of topic,partition,offset, as `kafka-consumer-groups --export` writes them; a header line, comments and empty
 * lines are left out. Throws `bad_input` that names the first line that is something else.
 */
export function parseCsv(text: string): (Place & { offset: number })[] {
  const places = new Map<string, Place & { offset: number }>()
  for (const { record, info } of records(text)) {
    const [destination = "", partition = "", offset = "", ...more] = record
    if (info.lines === 1 && destination.toLowerCase() === "topic" && record.length > 1) continue
    if (!NAME.test(destination) || !PARTITION.test(partition) || !OFFSET.test(offset) || more.length > 0)
      throw bad(info.lines, "it is not topic,partition,offset")
    const row = { destination, partition: Number(partition), offset: Number(offset) }
    if (!Number.isSafeInteger(row.offset)) throw bad(info.lines, "its offset is too large")
    if (places.has(placeKey(row)))
      throw bad(info.lines, `partition ${row.partition} of ${destination} is named twice`)
    places.set(placeKey(row), row)
  }
  if (places.size === 0) throw new DomainError("bad_input", "The file has no line of topic,partition,offset.")
  return [...places.values()]
}

function records(text: string): z.output<typeof rows> {
  try {
    const found: unknown = parse(text, {
      bom: true,
      comment: "#",
      comment_no_infix: true,
      delimiter: [",", ";", "\t"],
      info: true,
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    })
    return rows.parse(found)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw bad(typeof error.lines === "number" ? error.lines : 1, "its quotes do not match")
  }
}

function bad(line: number, why: string): DomainError {
  return new DomainError("bad_input", `Line ${line} of the file cannot be used: ${why}.`)
}
