"use client"

import { bytes, UNKNOWN } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ShownMessage } from "#server/messages/index.ts"
import { Chosen, positionOf, useChosen } from "./choose.tsx"
import { PartLine, Withheld } from "./part.tsx"
import { type Place, useMessageState } from "./state.ts"

const CONTROL = {
  commit: "a transaction was committed here",
  abort: "a transaction was aborted here",
}

function columns(open: (position: string) => void): Column<ShownMessage>[] {
  return [
    {
      key: "time",
      label: "Time",
      cell: ({ timestamp }) =>
        timestamp === null ? (
          <span className="quiet">{UNKNOWN}</span>
        ) : (
          <Moment at={timestamp} className="nowrap" precise />
        ),
    },
    { key: "partition", label: "Partition", numeric: true, cell: (row) => row.partition },
    {
      key: "offset",
      label: "Offset",
      numeric: true,
      cell: (row) => (
        <>
          <button type="button" className="link" data-row onClick={() => open(positionOf(row))}>
            {row.offset}
          </button>
          <Withheld by={row.withheld} />
        </>
      ),
    },
    { key: "key", label: "Key", cell: (row) => <PartLine part={row.key} empty="no key" /> },
    {
      key: "value",
      label: "Value",
      cell: (row) =>
        row.control ? (
          <span className="quiet">{CONTROL[row.control]}</span>
        ) : (
          <PartLine part={row.value} empty="deleted (tombstone)" />
        ),
    },
    {
      key: "bytes",
      label: "Size",
      numeric: true,
      cell: (row) => <span className="nowrap">{bytes(row.bytes)}</span>,
    },
  ]
}

/** Messages, one a line; the offset opens one. Some can be chosen and downloaded. */
export function MessageList({ place, rows }: { place: Place; rows: ShownMessage[] }) {
  const [, set] = useMessageState()
  const { chosen, column, clear } = useChosen(rows)
  return (
    <div className="messages">
      <Table
        label="Messages"
        columns={[column, ...columns((msg) => void set({ msg }))]}
        rows={rows}
        keyOf={positionOf}
      />
      <Chosen place={place} chosen={chosen} clear={clear} />
    </div>
  )
}
