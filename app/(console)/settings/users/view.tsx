"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { Allowed } from "#app/access/allowed.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { Search } from "#app/ui/search.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import type { UserRow } from "#server/access/index.ts"
import { userColumns } from "./columns.tsx"
import { EditUser } from "./edit.tsx"
import { InviteForm } from "./invite.tsx"
import { PAGE_SIZE, usersParams } from "./search-params.ts"

/** Who may sign in, and what each may do. */
export function UsersPage() {
  return (
    <Allowed permission="user.list">
      <Users />
    </Allowed>
  )
}

function Users() {
  const trpc = useTRPC()
  const [{ q, page, invite, user }, set] = useQueryStates(usersParams, { history: "push" })
  const users = useQuery({
    ...trpc.access.users.list.queryOptions({ q, page, pageSize: PAGE_SIZE }),
    placeholderData: keepPreviousData,
  })
  const chosen = users.data?.rows.find(({ email }) => email === user)
  return (
    <>
      {invite && <InviteForm close={() => void set({ invite: null })} />}
      {chosen && <EditUser key={chosen.id} user={chosen} close={() => void set({ user: null })} />}
      <section className="panel" aria-label="Users">
        <div className="row tools">
          <Search label="Name or address" value={q} onChange={(next) => void set({ q: next, page: null })} />
          <span className="grow" />
          <span className="quiet">{users.data && `${count(users.data.total)} found`}</span>
          <button type="button" className="field act" onClick={() => void set({ invite: true, user: null })}>
            Invite
          </button>
        </div>
        <Query of={users}>{(found) => <List found={found} />}</Query>
      </section>
    </>
  )
}

function List({ found }: { found: { rows: UserRow[]; total: number } }) {
  const [{ page }, set] = useQueryStates(usersParams, { history: "push" })
  if (found.rows.length === 0) return <Empty>No users match.</Empty>
  return (
    <Table
      label="Users"
      columns={userColumns((user) => void set({ user, invite: null }))}
      rows={found.rows}
      keyOf={({ id }) => id}
      order={{ sort: "email", dir: "asc", page }}
      setOrder={({ page: next }) => void set({ page: next ?? 1 })}
      total={found.total}
      pageSize={PAGE_SIZE}
    />
  )
}
