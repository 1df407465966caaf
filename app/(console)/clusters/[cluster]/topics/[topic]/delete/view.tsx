"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { DeletePreview } from "#server/administration/views.ts"
import { useRefusal } from "../../../../../../access/me.tsx"
import { useTRPC } from "../../../../../../trpc/client.tsx"
import { Fact } from "../../../../../../ui/fact.tsx"
import { bytes, count, plural } from "../../../../../../ui/format.ts"
import { Query } from "../../../../../../ui/states.tsx"
import { TypeName } from "../../../../../../ui/type-name.tsx"
import { Value, WHY } from "../../../../../../ui/value.tsx"
import { ActPage } from "../../../../../acts/act-page.tsx"
import { Effect } from "../../../../../acts/effect.tsx"
import { Readers } from "../../../../../acts/readers.tsx"
import { useTopicAct } from "../../../../../acts/use-topic-act.ts"
import type { TopicKey } from "../view.tsx"

/** Deletes a destination, after one has seen what is lost with it. */
export function DeletePage({ cluster, name }: TopicKey) {
  const trpc = useTRPC()
  const { above, topics, words, refresh } = useTopicAct(cluster, name)
  const may = useRefusal("destination.delete", cluster) === null
  const remove = useMutation(trpc.administration.delete.mutationOptions({ onSuccess: refresh }))
  const preview = useQuery({
    ...trpc.administration.previewDelete.queryOptions({ cluster, destination: name }),
    enabled: may && !remove.isSuccess,
    gcTime: 0,
  })
  if (remove.isSuccess)
    return (
      <section className="panel" role="status">
        <h1 style={{ marginTop: 0 }}>{name} was deleted</h1>
        <p>
          The next sweep takes it off the list.{" "}
          <Link href={topics}>Back to the {words.destination.many}</Link>
        </p>
      </section>
    )
  return (
    <ActPage
      cluster={cluster}
      permission="destination.delete"
      above={above}
      title={`Delete ${name}`}
      about={`The ${words.destination.one} goes with all its messages and settings. This cannot be undone.`}
    >
      <Query of={preview}>
        {(found) => (
          <>
            <Lost preview={found} />
            <Readers cluster={cluster} readers={found.readers} />
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
