"use client"

import { useMutation } from "@tanstack/react-query"
import { useTRPCClient } from "#app/trpc/client.tsx"
import { MutationError } from "#app/ui/states.tsx"

/** Saves one rule, or all, as a part of signalbox.yaml. */
export function ExportRules({ id }: { id?: string }) {
  const client = useTRPCClient()
  const fetched = useMutation({
    mutationFn: () => client.alerts.exportRules.query(id === undefined ? {} : { id }),
    onSuccess: ({ yaml }) => {
      const link = document.createElement("a")
      link.href = URL.createObjectURL(new Blob([yaml], { type: "application/yaml" }))
      link.download = id === undefined ? "alert-rules.yaml" : `${id}.yaml`
      link.click()
      URL.revokeObjectURL(link.href)
    },
  })
  return (
    <>
      <button type="button" className="field" disabled={fetched.isPending} onClick={() => fetched.mutate()}>
        {id === undefined ? "Export all as YAML" : "Export as YAML"}
      </button>
      <MutationError of={fetched} inline />
    </>
  )
}
