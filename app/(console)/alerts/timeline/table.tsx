"use client"

import Link from "next/link"
import { timelinePath } from "#app/(console)/paths.ts"
import { duration } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { SeverityMark } from "../severity.tsx"
import type { TimelineAlert } from "./rows.ts"

/** The timeline in words, the latest alert first. */
export function TimelineTable({ alerts }: { alerts: readonly TimelineAlert[] }) {
  return <Table label="Alerts over time" columns={COLUMNS} rows={[...alerts]} keyOf={({ id }) => id} />
}

const COLUMNS: Column<TimelineAlert>[] = [
  {
    key: "rule",
    label: "Rule",
    cell: ({ id, ruleName }) => <Link href={timelinePath(id)}>{ruleName}</Link>,
  },
  { key: "name", label: "On", cell: ({ name }) => <span className="wrap">{name}</span> },
  { key: "cluster", label: "Cluster", cell: ({ cluster }) => cluster ?? "Signalbox" },
  { key: "severity", label: "Severity", cell: ({ severity }) => <SeverityMark severity={severity} /> },
  ...(["pending", "firing", "acknowledged", "silenced"] as const).map(
    (state): Column<TimelineAlert> => ({
      key: state,
      label: state.slice(0, 1).toUpperCase() + state.slice(1),
      cell: ({ parts }) =>
        parts
          .filter((one) => one.state === state)
          .map(({ from, to }) => (
            <div key={from}>
              <Moment at={from} /> {to === null ? "until now" : `for ${duration(to - from)}`}
            </div>
          )),
    }),
  ),
]
