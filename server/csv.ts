import { stringify } from "csv-stringify/sync"

/** A line of CSV (RFC 4180), with its end. */
export function csvLine(cells: readonly string[]): string {
  return stringify([cells], { record_delimiter: "\r\n", quoted_match: /[\r\n]/, cast: { string: disarm } })
}

/** One cell that is too long to be in memory as a whole, from its pieces. */
export function* csvLongCell(pieces: Iterable<string>): Generator<string> {
  let open = '"'
  for (const piece of pieces) {
    // So long, it is no number below zero.
    yield `${open}${open !== "" && FORMULA.test(piece) ? "'" : ""}${piece.replaceAll('"', '""')}`
    open = ""
  }
  yield '"'
}

/** What makes a spreadsheet take a cell for a formula, full-width forms among it (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NUMBER = /^-?\d+(\.\d+)?$/

/**
 * A cell that a spreadsheet would run gets an apostrophe before it; a number below zero is a number, which the library's
 * own `escape_formulas` would change.
 */
function disarm(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
}
