import { type Look, Mark } from "#app/ui/mark.tsx"
import { Moment } from "#app/ui/moment.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { TokenRow } from "#server/access/index.ts"
import { GrantsText } from "../grants-field.tsx"

const STATES = {
  valid: { shape: "dot", tone: "good" },
  expired: { shape: "ring", tone: "warn" },
  revoked: { shape: "cross", tone: "bad" },
} satisfies Record<TokenRow["state"], Look>

interface Acts {
  /** Whether everybody's are shown. */
  all: boolean
  revoke: (id: string) => void
}

export function tokenColumns({ all, revoke }: Acts): Column<TokenRow>[] {
  const owner: Column<TokenRow> = { key: "owner", label: "Owner", cell: (row) => row.owner }
  return [
    {
      key: "name",
      label: "Name",
      cell: (row) => (
        <span>
          <span className="name">{row.name}</span> <span className="quiet mono">…{row.hint}</span>
        </span>
      ),
    },
    ...(all ? [owner] : []),
    { key: "role", label: "Roles", cell: (row) => <GrantsText role={row.role} clusters={row.clusters} /> },
    {
      key: "state",
      label: "State",
      cell: ({ state }) => <Mark look={STATES[state]}>{state}</Mark>,
    },
    { key: "expires", label: "Expires", cell: (row) => <Moment at={row.expiresAt} /> },
    {
      key: "used",
      label: "Last used",
      cell: (row) =>
        row.lastUsedAt === null ? <span className="quiet">never</span> : <Moment at={row.lastUsedAt} />,
    },
    {
      key: "revoke",
      label: "Revoke",
      cell: (row) =>
        row.state === "valid" ? (
          <button
            type="button"
            className="field"
            aria-label={`Revoke ${row.name}`}
            onClick={() => revoke(row.id)}
          >
            Revoke
          </button>
        ) : (
          <span className="quiet">–</span>
        ),
    },
  ]
}
