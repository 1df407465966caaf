import { DomainError } from "#server/errors.ts"
import { type Place, placeKey } from "#server/place.ts"

const LINE = /^"?([A-Za-z0-9._-]{1,249})"?\s*[,;\t]\s*"?(\d{1,9})"?\s*[,;\t]\s*"?(\d{1,16})"?$/
const HEADER = /^"?topic"?\s*[,;\t]/i

/**
 * Lines of topic,partition,offset, as `kafka-consumer-groups --export` writes them; a header line and empty lines are
 * left out. Throws `bad_input` that names the first line that is something else.
 */
export function parseCsv(text: string): (Place & { offset: number })[] {
  const rows = new Map<string, Place & { offset: number }>()
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === "" || line.startsWith("#") || (index === 0 && HEADER.test(line))) continue
    const [, destination, partition, offset] = LINE.exec(line) ?? []
    if (destination === undefined) throw bad(index, "it is not topic,partition,offset")
    const row = { destination, partition: Number(partition), offset: Number(offset) }
    if (!Number.isSafeInteger(row.offset)) throw bad(index, "its offset is too large")
    if (rows.has(placeKey(row)))
      throw bad(index, `partition ${row.partition} of ${destination} is named twice`)
    rows.set(placeKey(row), row)
  }
  if (rows.size === 0) throw new DomainError("bad_input", "The file has no line of topic,partition,offset.")
  return [...rows.values()]
}

function bad(index: number, why: string): DomainError {
  return new DomainError("bad_input", `Line ${index + 1} of the file cannot be used: ${why}.`)
}
