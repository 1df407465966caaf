"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useMe, useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { plural } from "#app/ui/format.ts"
import { showToast } from "#app/ui/toast.ts"
import type { FailureRow } from "#server/failures/views.ts"

type Change = { state: "open" | "resolved" | "ignored" } | { assignee: string | null }

/** What can be done to several failures at once; the notification can undo it. */
export function TriageSelected(props: { rows: FailureRow[]; clear: () => void }) {
  const { rows, clear } = props
  const { triage, isPending } = useTriage()
  const me = useMe()
  const refused = useRefusal("failure.triage", rows[0]?.cluster)
  const off = { disabled: refused !== null || isPending, title: refused ?? undefined }
  const act = async (done: string, changeOf: (row: FailureRow) => Change) => {
    clear()
    if (!(await triage(rows, changeOf))) return
    showToast(`${plural(rows.length, "failure", "failures")} ${done}.`, {
      label: "Undo",
      run: () => void triage(rows, (row) => ({ state: row.state === "regressed" ? "open" : row.state })),
    })
  }
  return (
    <>
      <button
        type="button"
        className="field"
        {...off}
        onClick={() => void act("resolved", () => ({ state: "resolved" }))}
      >
        Resolve
      </button>
      <button
        type="button"
        className="field"
        {...off}
        onClick={() => void act("ignored", () => ({ state: "ignored" }))}
      >
        Ignore
      </button>
      <button
        type="button"
        className="field"
        {...off}
        onClick={() => void triage(rows, () => ({ assignee: me.email })).then(clear)}
      >
        Assign to me
      </button>
    </>
  )
}

/** Changes failures one by one; the first that is refused ends it, and is said. Returns whether all were. */
function useTriage() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { mutateAsync, isPending } = useMutation(trpc.failures.triage.mutationOptions())
  const triage = async (rows: FailureRow[], changeOf: (row: FailureRow) => Change): Promise<boolean> => {
    try {
      for (const row of rows) await mutateAsync({ cluster: row.cluster, id: row.id, ...changeOf(row) })
      return true
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error))
      return false
    } finally {
      await client.invalidateQueries({ queryKey: trpc.failures.pathKey() })
    }
  }
  return { triage, isPending }
}
