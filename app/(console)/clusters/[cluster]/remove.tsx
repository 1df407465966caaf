"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useState } from "react"
import { toneOf, useEnvironment } from "#app/(console)/environment.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Dialog } from "#app/ui/dialog.tsx"
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
  const [isOpen, setOpen] = useState(false)
  const environment = useEnvironment(cluster.slug)
  return (
    <div className="row">
      <Button className="field danger" refusal={refused} onClick={() => setOpen(true)}>
        Disconnect this cluster…
      </Button>
      {refused && <span className="quiet">{refused}</span>}
      {isOpen && (
        <Dialog
          title={`Disconnect ${cluster.name}`}
          environment={environment && toneOf(environment)}
          onClose={() => setOpen(false)}
        >
          <p className="flat">
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
        </Dialog>
      )}
    </div>
  )
}

function fileRefusal(cluster: ClusterDetail): string | null {
  return cluster.source === "file"
    ? "It comes from signalbox.yaml: take it out of the file and start Signalbox again."
    : null
}
