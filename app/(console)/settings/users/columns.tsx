import { type Look, Mark } from "#app/ui/mark.tsx"
import { Moment } from "#app/ui/moment.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { UserRow } from "#server/access/index.ts"
import { GrantsText } from "../grants-field.tsx"

const STATES = {
  active: { shape: "dot", tone: "good" },
  invited: { shape: "ring", tone: "warn" },
  disabled: { shape: "cross", tone: "bad" },
} satisfies Record<UserRow["state"], Look>

export function userColumns(edit: (email: string) => void): Column<UserRow>[] {
  return [
    {
      key: "email",
      label: "Address",
      cell: (row) => (
        <button type="button" className="link name" onClick={() => edit(row.email)}>
          {row.email}
        </button>
      ),
    },
    {
      key: "name",
      label: "Name",
      cell: ({ name, email }) => (name === email || name === "" ? <span className="quiet">–</span> : name),
    },
    { key: "role", label: "Roles", cell: (row) => <GrantsText role={row.role} clusters={row.clusters} /> },
    {
      key: "state",
      label: "State",
      cell: ({ state }) => <Mark look={STATES[state]}>{state}</Mark>,
    },
    { key: "by", label: "Sign-in method", cell: (row) => row.signsInBy.join(", ") || "–" },
    {
      key: "seen",
      label: "Last seen",
      cell: ({ lastSeenAt }) =>
        lastSeenAt === null ? (
          <span className="quiet">not in the last 7 days</span>
        ) : (
          <Moment at={lastSeenAt} />
        ),
    },
  ]
}
