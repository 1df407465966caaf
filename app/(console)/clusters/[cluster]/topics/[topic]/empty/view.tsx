"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { ActPage } from "#app/(console)/acts/act-page.tsx"
import { Effect } from "#app/(console)/acts/effect.tsx"
import { Readers } from "#app/(console)/acts/readers.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { topicPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { bytes, count, plural } from "#app/ui/format.ts"
import { Problems, Query } from "#app/ui/states.tsx"
import { showToast } from "#app/ui/toast.ts"
import { TypeName } from "#app/ui/type-name.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { EmptyPreview } from "#server/administration/index.ts"
import type { TopicKey } from "../topic-key.ts"

/** Deletes all messages up to now, after one has seen how many they are and who has not read them. */
export function EmptyPage({ cluster, name }: TopicKey) {
  const trpc = useTRPC()
  const { above } = useTopicAct(cluster, name)
  const may = useRefusal("destination.empty", cluster) === null
  const input = { cluster, destination: name }
  const preview = useQuery({
    ...trpc.administration.previewEmpty.queryOptions(input),
    enabled: may,
    gcTime: 0,
  })
  return (
    <ActPage
      cluster={cluster}
      permission="destination.empty"
      above={above}
      title={`Empty ${name}`}
      about="All messages up to now are deleted, on every partition. What is written later stays. This cannot be undone."
    >
      <Query of={preview}>{(found) => <Act cluster={cluster} name={name} preview={found} />}</Query>
    </ActPage>
  )
}

function Act({ cluster, name, preview }: TopicKey & { preview: EmptyPreview }) {
  const trpc = useTRPC()
  const router = useRouter()
  const { refresh } = useTopicAct(cluster, name)
  const empty = useMutation(
    trpc.administration.empty.mutationOptions({
      onSuccess: async ({ problems }) => {
        await refresh()
        if (problems.length > 0) return
        showToast(`All messages of ${name} were deleted.`)
        router.push(topicPath(cluster, name))
      },
    }),
  )
  const { uid, until, messages } = preview
  const nothing = messages === 0
  return (
    <>
      <section className="panel" aria-label="What is deleted">
        <dl className="facts">
          <Fact term="Messages deleted">
            <Value of={messages} as={count} why={WHY.messages} />
          </Fact>
          <Fact term="Size on disk">
            <Value of={preview.bytes} as={bytes} why={WHY.bytes} />
          </Fact>
          <Fact term="Partitions">{count(until.length)}</Fact>
        </dl>
      </section>
      <Readers cluster={cluster} of={preview} />
      {empty.data && <Problems problems={empty.data.problems} />}
      <Effect preview={preview} warnings={warningsOn(preview)}>
        {nothing ? (
          <p className="flat">It is empty already.</p>
        ) : (
          <TypeName
            name={name}
            verb="Empty"
            busy={empty.isPending}
            error={empty.error}
            onConfirm={(confirm) => empty.mutate({ cluster, destination: name, uid, until, confirm })}
          />
        )}
      </Effect>
    </>
  )
}

function warningsOn({ readers }: EmptyPreview): string[] {
  const missing = readers.filter((one) => (one.unread ?? 0) > 0)
  if (missing.length === 0) return []
  return [
    `${plural(missing.length, "group has", "groups have")} not read all of it: ${missing
      .slice(0, 5)
      .map((one) => `${one.group} (${count(one.unread)})`)
      .join(", ")}${missing.length > 5 ? ", …" : ""}.`,
  ]
}
