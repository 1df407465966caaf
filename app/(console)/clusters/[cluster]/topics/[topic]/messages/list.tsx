"use client"

import type { ShownMessage } from "#server/messages/shown.ts"
import { bytes, exactMoment, moment, UNKNOWN } from "../../../../../../ui/format.ts"
import { type Column, Table } from "../../../../../../ui/table.tsx"
import { PartLine } from "./part.tsx"
import { useMessageState } from "./state.ts"

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
          <span className="nowrap" title={exactMoment(timestamp)}>
            {moment(timestamp)}
          </span>
        ),
    },
    { key: "partition", label: "Partition", numeric: true, cell: (row) => row.partition },
    {
      key: "offset",
      label: "Offset",
      numeric: true,
      cell: (row) => (
        <button type="button" className="link" onClick={() => open(`${row.partition}/${row.offset}`)}>
          {row.offset}
        </button>
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

/** Messages, one a line; the offset opens one. */
export function MessageList(props: { rows: ShownMessage[] }) {
  const [, set] = useMessageState()
  return (
    <div className="messages">
      <Table
        label="Messages"
        columns={columns((msg) => void set({ msg }))}
        rows={props.rows}
        keyOf={(row) => `${row.partition}/${row.offset}`}
      />
    </div>
  )
}
