"use client"

import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useState } from "react"
import { ConnectionForm } from "#app/(console)/clusters/connection-form/form.tsx"
import { initialValues } from "#app/(console)/clusters/connection-form/values.ts"
import { clusterPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC, useTRPCClient } from "#app/trpc/client.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { ConnectionField } from "#server/brokers/system.ts"
import type { StoredConnection } from "#server/clusters/index.ts"
import { ClusterHead } from "../head.tsx"

/** How Signalbox reaches the cluster, to look at and to change. */
export function ConnectionPage(props: { cluster: string }) {
  const refusal = useRefusal("cluster.edit", props.cluster)
  return (
    <>
      <ClusterHead cluster={props.cluster} place="connection" />
      <section className="panel form" aria-label="Connection">
        {refusal ? <Empty>{refusal}</Empty> : <Stored cluster={props.cluster} />}
      </section>
    </>
  )
}

function Stored(props: { cluster: string }) {
  const trpc = useTRPC()
  const systems = useQuery(trpc.clusters.systems.queryOptions())
  // Never out of the cache: a form that opens on an old state could not be saved.
  const stored = useQuery({ ...trpc.clusters.getConnection.queryOptions(props), gcTime: 0 })
  return (
    <Query of={stored}>
      {(found) => {
        const fields = systems.data?.find((one) => one.id === found.system)?.fields
        return fields && <Edit cluster={props.cluster} found={found} fields={fields} />
      }}
    </Query>
  )
}

const FROM_FILE = "This cluster comes from signalbox.yaml: change it there and start Signalbox again."

interface EditProps {
  cluster: string
  found: StoredConnection
  fields: readonly ConnectionField[]
}

function Edit({ cluster, found, fields }: EditProps) {
  const trpc = useTRPC()
  const api = useTRPCClient()
  const client = useQueryClient()
  const router = useRouter()
  // As it was when the form was opened: what is being typed is not swept away by a refresh.
  const [stored] = useState(found)
  return (
    <>
      {stored.unreadable && (
        <p className="bad" role="alert">
          {stored.unreadable}
        </p>
      )}
      <ConnectionForm
        fields={fields}
        initial={{
          name: stored.name,
          environment: stored.environment,
          values: { ...initialValues(fields), ...stored.values },
        }}
        stored={stored.secrets}
        refusal={stored.source === "file" ? FROM_FILE : null}
        verb="Save"
        test={({ connection }) => api.clusters.testStored.mutate({ cluster, connection })}
        save={async (filled) => {
          await api.clusters.update.mutate({ cluster, ...filled, revision: stored.revision })
          await client.invalidateQueries({ queryKey: trpc.clusters.pathKey() })
          router.push(clusterPath(cluster))
        }}
      />
    </>
  )
}
