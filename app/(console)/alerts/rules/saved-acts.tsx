"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { newRulePath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { ExportRules } from "./export.tsx"

type Row = RouterOutputs["alerts"]["rules"]["rules"][number]

/** What can be done with a rule that is stored, beside changing it. `onTaken`: it is this now, whatever the form says. */
export function SavedActs({ saved, onTaken }: { saved: Row; onTaken: (row: Row) => void }) {
  const { id, rule, enabled, revision, source, isChanged } = saved
  const trpc = useTRPC()
  const client = useQueryClient()
  const router = useRouter()
  const refusal = useRefusal("alert.rule")
  const again = async () => {
    await client.invalidateQueries({ queryKey: trpc.alerts.pathKey() })
    const { rules } = await client.fetchQuery(trpc.alerts.rules.queryOptions())
    return rules.find((one) => one.id === id)
  }
  const enable = useMutation(trpc.alerts.enableRule.mutationOptions({ onSuccess: again }))
  const reset = useMutation(trpc.alerts.resetRule.mutationOptions())
  const remove = useMutation(
    trpc.alerts.removeRule.mutationOptions({
      onSuccess: async () => {
        router.push("/alerts?tab=rules")
        await client.invalidateQueries({ queryKey: trpc.alerts.pathKey() })
      },
    }),
  )
  const take = async () => {
    const row = await again()
    if (row) onTaken(row)
  }
  const off = refusal !== null || source === "file"
  const failure = enable.error ?? reset.error ?? remove.error
  return (
    <div className="row">
      <label className="row check" title={refusal ?? undefined}>
        <input
          type="checkbox"
          checked={enabled}
          disabled={off || enable.isPending}
          onChange={({ target }) => enable.mutate({ id, revision, enabled: target.checked })}
        />
        Enabled
      </label>
      <span className="grow" />
      <Link href={newRulePath({ copy: id })} className="field">
        Duplicate
      </Link>
      <ExportRules id={id} />
      {source === "default" && isChanged && (
        <button
          type="button"
          className="field"
          disabled={off || reset.isPending}
          title={refusal ?? undefined}
          onClick={() => {
            if (window.confirm(`${rule.name} becomes what it was when it came with Signalbox. Reset it?`))
              reset.mutate({ id, revision }, { onSuccess: take })
          }}
        >
          Reset to default
        </button>
      )}
      {source === "page" && (
        <button
          type="button"
          className="field danger"
          disabled={off || remove.isPending}
          title={refusal ?? undefined}
          onClick={() => {
            if (window.confirm(`${rule.name} is deleted, and what it has firing is resolved. Delete it?`))
              remove.mutate({ id, revision })
          }}
        >
          Delete
        </button>
      )}
      {failure && (
        <p className="bad" role="alert">
          {failure.message}
        </p>
      )}
    </div>
  )
}
