import { Moment } from "#app/ui/moment.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { AuditRow } from "#server/access/index.ts"
import { Result } from "./result.tsx"

export function auditColumns(open: (id: string) => void): Column<AuditRow>[] {
  return [
    {
      key: "at",
      label: "When",
      card: "name",
      text: (row) => new Date(row.at).toISOString(),
      cell: (row) => (
        <button type="button" className="link" onClick={() => open(row.id)}>
          <Moment at={row.at} className="nowrap" />
        </button>
      ),
    },
    {
      key: "actor",
      label: "Who",
      card: "line",
      text: (row) => row.actor,
      cell: (row) => <span className="name-like">{row.actor}</span>,
    },
    {
      key: "action",
      label: "What",
      card: "number",
      text: (row) => row.action,
      cell: (row) => <span className="strong">{row.action}</span>,
    },
    {
      key: "target",
      label: "Target",
      card: "number",
      text: (row) => row.target,
      cell: (row) => <span className="name-like">{row.target || "–"}</span>,
    },
    {
      key: "result",
      label: "Result",
      card: "badge",
      text: (row) => row.result,
      cell: (row) => <Result result={row.result} reason={row.reason} />,
    },
    {
      key: "from",
      label: "From",
      text: (row) => row.from ?? null,
      cell: (row) => <span className="quiet mono name-like">{row.from ?? "–"}</span>,
    },
  ]
}
