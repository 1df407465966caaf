"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { ActPage } from "#app/(console)/acts/act-page.tsx"
import { Effect } from "#app/(console)/acts/effect.tsx"
import { Readers } from "#app/(console)/acts/readers.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { bytes, count, plural } from "#app/ui/format.ts"
import { Query } from "#app/ui/states.tsx"
import { showToast } from "#app/ui/toast.ts"
import { TypeName } from "#app/ui/type-name.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { DeletePreview } from "#server/administration/index.ts"
import type { TopicKey } from "../topic-key.ts"

/** Deletes a destination, after one has seen what is lost with it. */
export function DeletePage({ cluster, name }: TopicKey) {
  const trpc = useTRPC()
  const { above, topics, words, refresh } = useTopicAct(cluster, name)
  const router = useRouter()
  const may = useRefusal("destination.delete", cluster) === null
  const remove = useMutation(
    trpc.administration.delete.mutationOptions({
      onSuccess: async () => {
        showToast(`${name} was deleted. It leaves the list within seconds.`)
        router.push(topics)
        await refresh()
      },
    }),
  )
  const preview = useQuery({
    ...trpc.administration.previewDelete.queryOptions({ cluster, destination: name }),
    enabled: may && !remove.isSuccess,
    gcTime: 0,
  })
  return (
    <ActPage
      cluster={cluster}
      permission="destination.delete"
      above={above}
      title={`Delete ${name}`}
      about={`Deletes the ${words.destination.one}, all messages and its configuration. This cannot be undone.`}
    >
      <Query of={preview}>
        {(found) => (
          <>
            <Lost preview={found} />
            <Readers cluster={cluster} of={found} />
            <Effect preview={found} warnings={warningsOn(found)}>
              <TypeName
                name={name}
                verb="Delete"
                busy={remove.isPending}
                error={remove.error}
                onConfirm={(confirm) =>
                  remove.mutate({ cluster, destination: name, uid: found.uid, confirm })
                }
              />
            </Effect>
          </>
        )}
      </Query>
    </ActPage>
  )
}

function Lost({ preview }: { preview: DeletePreview }) {
  return (
    <section className="panel" aria-label="What is lost">
      <dl className="facts">
        <Fact term="Messages lost">
          <Value of={preview.messages} as={count} why={WHY.messages} />
        </Fact>
        <Fact term="Size on disk">
          <Value of={preview.bytes} as={bytes} why={WHY.bytes} />
        </Fact>
        <Fact term="Partitions">{count(preview.partitions)}</Fact>
      </dl>
    </section>
  )
}

function warningsOn({ readers }: DeletePreview): string[] {
  const active = readers.filter((one) => (one.members?.length ?? 0) > 0)
  const unread = readers.filter((one) => (one.unread ?? 0) > 0)
  return [
    active.length > 0 ? `${plural(active.length, "group reads", "groups read")} it right now.` : [],
    unread.length > 0 ? `${plural(unread.length, "group has", "groups have")} not read all of it yet.` : [],
  ].flat()
}
