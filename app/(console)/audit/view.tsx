"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { Allowed } from "#app/access/allowed.tsx"
import { useMe } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import type { Range } from "#app/ui/range/range.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Empty, Loading, Query } from "#app/ui/states.tsx"
import type { AuditRow } from "#server/access/index.ts"
import { clustersWith } from "#server/access/permissions.ts"
import { auditColumns } from "./columns.tsx"
import { Entry } from "./entry.tsx"
import { auditParams, PAGE_SIZE } from "./search-params.ts"
import { Tools } from "./tools.tsx"

/** Who did what, and what was refused: within the time range at the top, the latest first. */
export function AuditPage() {
  const range = useRange()
  return (
    <>
      <PageHead above={HOME} title="Audit" />
      <Allowed permission="audit.view">{range ? <Log range={range} /> : <Loading />}</Allowed>
    </>
  )
}

function Log({ range }: { range: Range }) {
  const trpc = useTRPC()
  const [state] = useQueryStates(auditParams)
  const filter = {
    who: state.who,
    what: state.what,
    cluster: state.cluster,
    result: state.result === "" ? [] : [state.result],
    from: range.from,
    // What is done while one looks belongs to a range that ends now.
    ...(range.moving ? {} : { to: range.to }),
  }
  const entries = useQuery({
    ...trpc.audit.list.queryOptions({ ...filter, page: state.page, pageSize: PAGE_SIZE }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      {state.entry !== "" && <Entry id={state.entry} />}
      <section className="panel" aria-label="Entries">
        <Reach />
        <Tools filter={filter} total={entries.data?.total ?? null} />
        <Query of={entries}>{(page) => <Entries page={page} />}</Query>
      </section>
    </>
  )
}

/** Says what is not shown to whoever administers some clusters only. */
function Reach() {
  const administered = clustersWith(useMe(), "admin")
  if (administered === "all") return null
  return (
    <p className="quiet slim">
      You see what was done on the clusters that you administer: {administered.join(", ")}. People, tokens and
      sign-ins are shown to administrators of all clusters.
    </p>
  )
}

function Entries({ page }: { page: { rows: AuditRow[]; total: number } }) {
  const [state, set] = useQueryStates(auditParams, { history: "push" })
  if (page.rows.length === 0) {
    return (
      <Empty>
        Nothing in this time range matches. Choose a longer one at the top, or take filters away. Every change
        and every refused try is written here.
      </Empty>
    )
  }
  return (
    <DataTable
      name="audit"
      label="Entries"
      columns={auditColumns((entry) => void set({ entry }))}
      rows={page.rows}
      keyOf={(row) => row.id}
      order={{ sort: "at", dir: "desc", page: state.page }}
      setOrder={({ page: next }) => void set({ page: next ?? 1 })}
      total={page.total}
      pageSize={PAGE_SIZE}
    />
  )
}
