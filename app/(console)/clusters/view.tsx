"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { HOME } from "#app/(console)/home.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import { useSystemNames } from "../systems.ts"
import { clusterColumns } from "./columns.tsx"

/** Every connected cluster, and the way to connect one more. */
export function ClustersPage() {
  const trpc = useTRPC()
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  const nameOf = useSystemNames()
  return (
    <>
      <PageHead
        above={HOME}
        title="Clusters"
        acts={
          <Link href="/clusters/new" className="field act">
            Connect a cluster
          </Link>
        }
      />
      <Query of={clusters}>
        {(list) => (
          <section className="panel" aria-label="Clusters">
            {list.length === 0 ? (
              <Empty>
                No cluster is connected yet. Connect one here, or name it in <code>signalbox.yaml</code> and
                start again.
              </Empty>
            ) : (
              <Table
                label="Clusters"
                columns={clusterColumns(nameOf)}
                rows={list}
                keyOf={(row) => row.slug}
              />
            )}
          </section>
        )}
      </Query>
    </>
  )
}
