"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { TypeName } from "#app/ui/type-name.tsx"
import type { ClusterDetail } from "#server/clusters/index.ts"

/** Forgets the cluster and its history, after its name was typed: that cannot be undone. */
export function Remove({ cluster }: { cluster: ClusterDetail }) {
  const trpc = useTRPC()
  const router = useRouter()
  const client = useQueryClient()
  const forbidden = useRefusal("cluster.remove", cluster.slug)
  const remove = useMutation(
    trpc.clusters.remove.mutationOptions({
      onSuccess: async () => {
        await client.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() })
        router.push("/clusters")
      },
    }),
  )
  const refused = fileRefusal(cluster) ?? forbidden
  return (
    <details className="panel">
      <summary>Disconnect this cluster</summary>
      {refused ? (
        <p className="quiet">{refused}</p>
      ) : (
        <>
          <p>
            Signalbox forgets the connection and all it has stored of {cluster.name}. The cluster itself is
            not touched. This cannot be undone.
          </p>
          <TypeName
            name={cluster.name}
            verb="Disconnect"
            busy={remove.isPending}
            error={remove.error}
            onConfirm={(confirm) => remove.mutate({ cluster: cluster.slug, confirm })}
          />
        </>
      )}
    </details>
  )
}

function fileRefusal(cluster: ClusterDetail): string | null {
  return cluster.source === "file"
    ? "It comes from signalbox.yaml: take it out of the file and start Signalbox again."
    : null
}
