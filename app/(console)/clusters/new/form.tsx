"use client"

import { useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { clusterPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC, useTRPCClient } from "#app/trpc/client.tsx"
import type { ConnectionField } from "#server/brokers/system.ts"
import { ConnectionForm } from "../connection-form/form.tsx"
import { initialValues } from "../connection-form/values.ts"

interface Props {
  system: { id: string; name: string; fields: readonly ConnectionField[] }
}

/** Connects a cluster of this system, and goes on to its page. */
export function ConnectForm({ system }: Props) {
  const trpc = useTRPC()
  const api = useTRPCClient()
  const router = useRouter()
  const client = useQueryClient()
  const refusal = useRefusal("cluster.connect")
  return (
    <ConnectionForm
      fields={system.fields}
      initial={{ name: "", environment: null, values: initialValues(system.fields) }}
      refusal={refusal}
      verb="Connect"
      test={({ connection }) => api.clusters.test.mutate({ system: system.id, connection })}
      save={async (filled) => {
        const { cluster } = await api.clusters.connect.mutate({ ...filled, system: system.id })
        await client.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() })
        router.push(clusterPath(cluster))
      }}
    />
  )
}
