"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { TypeName } from "#app/ui/type-name.tsx"
import type { UserRow } from "#server/access/index.ts"

/** Forgets a person, after the address was typed: that cannot be undone. */
export function RemoveUser({ user, onRemoved }: { user: UserRow; onRemoved: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const remove = useMutation(
    trpc.access.users.remove.mutationOptions({
      onSuccess: async () => {
        onRemoved()
        await client.invalidateQueries({ queryKey: trpc.access.users.list.queryKey() })
      },
    }),
  )
  return (
    <details className="note">
      <summary>Remove this person</summary>
      <p>
        Sessions and API tokens end. What the person did stays in the audit log. This cannot be undone; to
        keep somebody out for a while, disable the account.
      </p>
      <TypeName
        name={user.email}
        verb="Remove"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={(confirm) => remove.mutate({ id: user.id, confirm })}
      />
    </details>
  )
}
