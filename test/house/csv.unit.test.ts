import { expect, it } from "vitest"
import { csvLine } from "#server/csv.ts"

it.each(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])(
  "a cell that begins with %j is no formula for a spreadsheet",
  (sign) => {
    const cell = csvLine([`${sign}cmd|'/c calc'!A1`]).replace(/^"/, "")
    expect(cell.startsWith(`'${sign}`)).toBe(true)
  },
)

it("quotes what would end a cell, and leaves numbers and plain text alone", () => {
  expect(csvLine(["-12.5", "a", 'say "no"', "a,b", "a\nb", ""])).toBe(
    '-12.5,a,"say ""no""","a,b","a\nb",\r\n',
  )
})
