"use client"

import { exact } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { LetterRow } from "#server/failures/index.ts"

interface Chooser {
  shown: string | undefined
  chosen: string[]
  show: (letter: string) => void
  choose: (chosen: string[]) => void
}

/** What the list tells of a dead letter. */
export function columns({ shown, chosen, show, choose }: Chooser): Column<LetterRow>[] {
  return [
    {
      key: "chosen",
      label: "Choose",
      cell: (row) => (
        <input
          type="checkbox"
          aria-label={`Choose offset ${row.offset} of partition ${row.partition}`}
          checked={chosen.includes(row.id)}
          onChange={(event) =>
            choose(event.target.checked ? [...chosen, row.id] : chosen.filter((one) => one !== row.id))
          }
        />
      ),
    },
    {
      key: "at",
      label: "Failed at",
      cell: (row) => (
        <button
          type="button"
          className="link"
          data-row
          aria-pressed={row.id === shown}
          onClick={() => show(row.id)}
        >
          <Moment at={row.at} />
        </button>
      ),
    },
    { key: "partition", label: "Partition", numeric: true, cell: (row) => row.partition },
    { key: "offset", label: "Offset", numeric: true, cell: (row) => exact(Number(row.offset)) },
    {
      key: "replayed",
      label: "Replay",
      cell: (row) => (
        <>
          {row.replayed && <span className="good">replayed</span>}
          {row.failedAgain && <span className="bad"> failed again</span>}
          {!row.replayed && !row.failedAgain && <span className="quiet">not yet</span>}
        </>
      ),
    },
  ]
}
