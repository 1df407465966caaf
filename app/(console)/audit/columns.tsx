import { Moment } from "#app/ui/moment.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { AuditRow } from "#server/access/index.ts"
import { Result } from "./result.tsx"

export function auditColumns(open: (id: string) => void): Column<AuditRow>[] {
  return [
    {
      key: "at",
      label: "When",
      cell: (row) => (
        <button type="button" className="link" onClick={() => open(row.id)}>
          <Moment at={row.at} className="nowrap" />
        </button>
      ),
    },
    { key: "actor", label: "Who", cell: (row) => <span className="name-like">{row.actor}</span> },
    { key: "action", label: "What", cell: (row) => <span className="strong">{row.action}</span> },
    { key: "target", label: "Target", cell: (row) => <span className="name-like">{row.target || "–"}</span> },
    { key: "result", label: "Result", cell: (row) => <Result result={row.result} reason={row.reason} /> },
    {
      key: "from",
      label: "From",
      cell: (row) => <span className="quiet mono name-like">{row.from ?? "–"}</span>,
    },
  ]
}
