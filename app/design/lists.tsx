"use client"

import { useState } from "react"
import { DataTable } from "../ui/data-table.tsx"
import { count } from "../ui/format.ts"
import { numberColumn } from "../ui/number-column.tsx"
import { Status } from "../ui/status.tsx"
import { type Column, type Order, Table } from "../ui/table.tsx"
import { Part } from "./part.tsx"

interface Row {
  name: string
  lag: number
}

const ROWS: Row[] = Array.from({ length: 10_000 }, (_, i) => ({
  name: `group-${i}`,
  lag: (i * 7919) % 100_003,
}))

const COLUMNS: Column<Row>[] = [
  {
    key: "name",
    label: "Group",
    sort: "name",
    card: "name",
    text: (row) => row.name,
    cell: (row) => (
      <a className="name" href="#design">
        {row.name}
      </a>
    ),
  },
  {
    key: "status",
    label: "Status",
    card: "badge",
    text: () => "behind",
    cell: (row) => <Status status={row.lag > 50_000 ? "behind" : "ok"} />,
  },
  numberColumn<Row>("lag", {
    label: "Lag",
    sort: "lag",
    card: "number",
    of: (row) => row.lag,
    as: count,
    why: "",
  }),
  { key: "cluster", label: "Cluster", text: () => "shop", cell: () => "shop" },
]

/** A short table, and a long list of which only what is in view is drawn. */
export function Lists() {
  const [order, setOrder] = useState<Order>({ sort: "name", dir: "asc", page: 1 })
  return (
    <>
      <Part name="Table">
        <Table label="Groups" columns={COLUMNS} rows={ROWS.slice(0, 4)} keyOf={(row) => row.name} />
      </Part>
      <Part name="List">
        <DataTable
          name="design"
          label="10,000 groups"
          columns={COLUMNS}
          rows={ROWS}
          keyOf={(row) => row.name}
          nameOf={(row) => row.name}
          order={order}
          setOrder={(next) => setOrder({ ...order, ...next })}
          acts={(selected) => (
            <button type="button" className="field">
              Delete {count(selected.length)}
            </button>
          )}
        />
      </Part>
    </>
  )
}
