"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { ActPage } from "#app/(console)/acts/act-page.tsx"
import { Effect } from "#app/(console)/acts/effect.tsx"
import { useCrumbs } from "#app/(console)/crumbs.ts"
import { clusterPath, topicPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { showToast } from "#app/ui/toast.ts"
import { TypeName } from "#app/ui/type-name.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { DeleteGroupPreview } from "#server/administration/index.ts"
import type { GroupKey } from "../group-key.ts"

/** Deletes a group with its positions, after one has seen them. */
export function DeleteGroupPage({ cluster, group }: GroupKey) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const above = useCrumbs(cluster, { kind: "group", name: group })
  const may = useRefusal("group.delete", cluster) === null
  const router = useRouter()
  const remove = useMutation(
    trpc.administration.deleteGroup.mutationOptions({
      onSuccess: async () => {
        showToast(`${group} was deleted. Its committed offsets are in the audit log.`)
        router.push(`${clusterPath(cluster)}/groups`)
        await client.invalidateQueries({ queryKey: trpc.groups.pathKey() })
      },
    }),
  )
  const preview = useQuery({
    ...trpc.administration.previewDeleteGroup.queryOptions({ cluster, group }),
    enabled: may && !remove.isSuccess,
    gcTime: 0,
  })
  return (
    <ActPage
      cluster={cluster}
      permission="group.delete"
      above={above}
      title={`Delete ${group}`}
      about="Deletes the group with all its committed offsets. A consumer that uses its name again starts where auto.offset.reset says."
    >
      <Query of={preview}>
        {(seen) => (
          <>
            <Positions cluster={cluster} preview={seen} />
            <Effect preview={seen} warnings={[]}>
              <TypeName
                name={group}
                verb="Delete"
                busy={remove.isPending}
                error={remove.error}
                onConfirm={(confirm) => remove.mutate({ cluster, group, confirm })}
              />
            </Effect>
          </>
        )}
      </Query>
    </ActPage>
  )
}

type Row = DeleteGroupPreview["positions"][number]

function columnsOf(cluster: string): Column<Row>[] {
  return [
    {
      key: "destination",
      label: "Reads",
      cell: (row) => (
        <Link className="name" href={topicPath(cluster, row.destination)}>
          {row.destination}
        </Link>
      ),
    },
    { key: "partitions", label: "Positions", numeric: true, cell: (row) => count(row.partitions) },
    {
      key: "unread",
      label: "Not read yet",
      numeric: true,
      cell: (row) => <Value of={row.unread} as={count} why={WHY.lag} bad={(row.unread ?? 0) > 0} />,
    },
  ]
}

function Positions({ cluster, preview }: { cluster: string; preview: DeleteGroupPreview }) {
  return (
    <section className="panel" aria-label="Positions">
      <h2>
        Positions that go with it <span className="quiet">({preview.state})</span>
      </h2>
      {preview.positions.length === 0 ? (
        <Empty>It has no position anywhere.</Empty>
      ) : (
        <Table
          label="Positions"
          columns={columnsOf(cluster)}
          rows={preview.positions}
          keyOf={(row) => row.destination}
        />
      )}
    </section>
  )
}
