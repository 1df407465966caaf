"use client"

import type { MouseEvent } from "react"
import { bytes, UNKNOWN } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ShownMessage } from "#server/messages/index.ts"
import { Chosen, positionOf, useChosen } from "./choose.tsx"
import { FieldChoice } from "./field-choice.tsx"
import { fieldAt } from "./fields.ts"
import { Marked } from "./marked.tsx"
import type { Sought } from "./matching.ts"
import { PartLine, Withheld } from "./part.tsx"
import { type Place, useMessageState } from "./state.ts"

const CONTROL = {
  commit: "a transaction was committed here",
  abort: "a transaction was aborted here",
}

interface Shown {
  open: (position: string) => void
  opened: string | null
  sought: Sought
  /** Fields of JSON values that stand in columns of their own. */
  fields: readonly string[]
}

function columns({ open, opened, sought, fields }: Shown): Column<ShownMessage>[] {
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
          <button
            type="button"
            className="link"
            data-row={positionOf(row)}
            aria-current={positionOf(row) === opened ? "true" : undefined}
            onClick={() => open(positionOf(row))}
          >
            {row.offset}
          </button>
          <Withheld by={row.withheld} />
        </>
      ),
    },
    { key: "key", label: "Key", cell: (row) => <PartLine part={row.key} empty="no key" sought={sought} /> },
    ...fields.map((field) => ({
      key: `field ${field}`,
      label: field,
      cell: (row: ShownMessage) => <Field text={fieldAt(row.value.text, field)} sought={sought} />,
    })),
    {
      key: "value",
      label: "Value",
      cell: (row) =>
        row.control ? (
          <span className="quiet">{CONTROL[row.control]}</span>
        ) : (
          <PartLine part={row.value} empty="deleted (tombstone)" sought={sought} />
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

function Field({ text, sought }: { text: string | null; sought: Sought }) {
  if (text === null) return <span className="quiet">{UNKNOWN}</span>
  return (
    <span className="mono message-field" title={text.length > 40 ? text.slice(0, 400) : undefined}>
      <Marked text={text} sought={sought} />
    </span>
  )
}

/** Messages, one a line; a press anywhere on a line opens it. Some can be chosen and downloaded. */
export function MessageList({ place, rows }: { place: Place; rows: ShownMessage[] }) {
  const [state, set] = useMessageState()
  const { chosen, column, clear } = useChosen(rows)
  const shown = {
    open: (msg: string) => void set({ msg }),
    opened: state.msg,
    sought: { find: state.find, q: state.q },
    fields: state.cols,
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the button in each line does the same by key
    <div className="messages" onClick={openLine}>
      <FieldChoice rows={rows} />
      <Table label="Messages" columns={[column, ...columns(shown)]} rows={rows} keyOf={positionOf} />
      <Chosen place={place} chosen={chosen} clear={clear} />
    </div>
  )
}

/** Not where one selects text, nor on what does something else. */
function openLine(event: MouseEvent<HTMLElement>): void {
  if (!(event.target instanceof Element) || event.target.closest("a, button, input, label")) return
  if (window.getSelection()?.isCollapsed === false) return
  event.target.closest("tr")?.querySelector<HTMLElement>("[data-row]")?.click()
}
