"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { type FormEvent, useId, useState } from "react"
import type { ClusterDetail } from "#server/clusters/views.ts"
import { useRefusal } from "../../../access/me.tsx"
import { useTRPC } from "../../../trpc/client.tsx"

/** Forgets the cluster and its history, after its name was typed: that cannot be undone. */
export function Remove({ cluster }: { cluster: ClusterDetail }) {
  const trpc = useTRPC()
  const router = useRouter()
  const client = useQueryClient()
  const id = useId()
  const [confirm, setConfirm] = useState("")
  const forbidden = useRefusal("cluster.remove", cluster.slug)
  const remove = useMutation(
    trpc.clusters.remove.mutationOptions({
      onSuccess: async () => {
        await client.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() })
        router.push("/clusters")
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate({ cluster: cluster.slug, confirm })
  }
  const refused = fileRefusal(cluster) ?? forbidden
  return (
    <details className="panel">
      <summary>Disconnect this cluster</summary>
      {refused ? (
        <p className="quiet">{refused}</p>
      ) : (
        <form onSubmit={submit}>
          <p>
            Signalbox forgets the connection and all it has stored of {cluster.name}. The cluster itself is
            not touched. This cannot be undone.
          </p>
          <label htmlFor={id}>
            Type <strong>{cluster.name}</strong> to confirm
          </label>
          <div className="row">
            <input
              id={id}
              className="field"
              value={confirm}
              autoComplete="off"
              onChange={(event) => setConfirm(event.target.value)}
            />
            <button
              type="submit"
              className="field danger"
              disabled={confirm !== cluster.name || remove.isPending}
            >
              Disconnect
            </button>
          </div>
          {remove.error && (
            <p className="bad" role="alert">
              {remove.error.message}
            </p>
          )}
        </form>
      )}
    </details>
  )
}

function fileRefusal(cluster: ClusterDetail): string | null {
  return cluster.source === "file"
    ? "It comes from signalbox.yaml: take it out of the file and start Signalbox again."
    : null
}
