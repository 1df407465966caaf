"use client"

import { useState } from "react"
import { withBasePath } from "#app/base-path.ts"
import { plural } from "#app/ui/format.ts"
import type { Column } from "#app/ui/table.tsx"
import type { ShownMessage } from "#server/messages/index.ts"
import { type Place, readPosition } from "./state.ts"

/** As many as the server takes at once. */
const MAX_CHOSEN = 1000

export const positionOf = (row: ShownMessage) => `${row.partition}/${row.offset}`

/** Rows that somebody chose. They stay chosen when others take their place in the list. */
export function useChosen(rows: readonly ShownMessage[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const here = rows.filter((row) => row.control === null).map(positionOf)
  const put = (positions: readonly string[], on: boolean) =>
    setChosen((before) => {
      const given = new Set(positions)
      return new Set(on ? [...before, ...given] : [...before].filter((position) => !given.has(position)))
    })
  const column: Column<ShownMessage> = {
    key: "choose",
    label: "Choose",
    head: <All of={here} chosen={chosen} put={put} />,
    cell: (row) =>
      row.control === null && (
        <input
          type="checkbox"
          aria-label={`Choose offset ${row.offset} of partition ${row.partition}`}
          checked={chosen.has(positionOf(row))}
          onChange={(event) => put([positionOf(row)], event.target.checked)}
        />
      ),
  }
  return { chosen, column, clear: () => setChosen(new Set()) }
}

interface AllProps {
  of: readonly string[]
  chosen: ReadonlySet<string>
  put: (positions: readonly string[], on: boolean) => void
}

function All({ of, chosen, put }: AllProps) {
  const count = of.filter((position) => chosen.has(position)).length
  return (
    <input
      type="checkbox"
      aria-label="Choose all that are shown"
      checked={count > 0 && count === of.length}
      ref={(box) => {
        if (box) box.indeterminate = count > 0 && count < of.length
      }}
      onChange={(event) => put(of, event.target.checked)}
    />
  )
}

/** What can be done with the chosen messages. A form, since they may be too many for an address. */
export function Chosen(props: { place: Place; chosen: ReadonlySet<string>; clear: () => void }) {
  const { place, chosen, clear } = props
  if (chosen.size === 0) return null
  const positions = [...chosen].map(readPosition)
  const ask = (format: "jsonl" | "csv") =>
    JSON.stringify({ ...place, format, of: { kind: "some", positions } })
  const tooMany = chosen.size > MAX_CHOSEN ? `At most ${MAX_CHOSEN} messages at once.` : undefined
  return (
    <form
      className="row messages-chosen"
      method="post"
      action={withBasePath("/api/messages")}
      aria-label="Chosen messages"
    >
      <span>{plural(chosen.size, "message", "messages")} chosen</span>
      <button type="submit" className="field" name="ask" value={ask("jsonl")} disabled={!!tooMany}>
        Download {chosen.size} as JSON Lines
      </button>
      <button type="submit" className="field" name="ask" value={ask("csv")} disabled={!!tooMany}>
        Download {chosen.size} as CSV
      </button>
      <button type="button" className="field" onClick={clear}>
        Choose none
      </button>
      {tooMany && <span className="warn">{tooMany}</span>}
    </form>
  )
}
