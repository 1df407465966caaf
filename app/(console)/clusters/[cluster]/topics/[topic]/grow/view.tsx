"use client"

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useQueryStates } from "nuqs"
import { useId } from "react"
import { ActPage } from "#app/(console)/acts/act-page.tsx"
import { Effect } from "#app/(console)/acts/effect.tsx"
import { Readers } from "#app/(console)/acts/readers.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { topicPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { plural } from "#app/ui/format.ts"
import { Query } from "#app/ui/states.tsx"
import { TypeName } from "#app/ui/type-name.tsx"
import type { GrowPreview } from "#server/administration/index.ts"
import type { TopicKey } from "../topic-key.ts"
import { growParams } from "./search-params.ts"

/** Adds partitions, after one was told that keys move and that there is no way back. */
export function GrowPage({ cluster, name }: TopicKey) {
  const trpc = useTRPC()
  const { above } = useTopicAct(cluster, name)
  const may = useRefusal("destination.configure", cluster) === null
  const topic = useQuery(trpc.destinations.get.queryOptions({ cluster, name }))
  const [asked] = useQueryStates(growParams)
  const total = asked.total ?? (topic.data?.partitions ?? 0) + 1
  const preview = useQuery({
    ...trpc.administration.previewGrow.queryOptions({ cluster, destination: name, total }),
    enabled: may && topic.data !== undefined && total >= 1,
    placeholderData: keepPreviousData,
  })
  return (
    <ActPage
      cluster={cluster}
      permission="destination.configure"
      above={above}
      title={`Add partitions to ${name}`}
      about="More partitions let more consumers of a group read side by side. They cannot be removed."
    >
      <Query of={topic}>{() => <HowMany total={total} />}</Query>
      <Query of={preview}>{(found) => <Act cluster={cluster} name={name} preview={found} />}</Query>
    </ActPage>
  )
}

function HowMany({ total }: { total: number }) {
  const id = useId()
  const [, set] = useQueryStates(growParams, { history: "replace" })
  return (
    <section className="panel form" aria-label="How many">
      <div className="form-field">
        <label htmlFor={id}>New partition count</label>
        <input
          id={id}
          type="number"
          min={1}
          max={100_000}
          className="field"
          value={total}
          onChange={(event) => void set({ total: event.target.valueAsNumber || null })}
        />
      </div>
    </section>
  )
}

function Act({ cluster, name, preview }: TopicKey & { preview: GrowPreview }) {
  const trpc = useTRPC()
  const router = useRouter()
  const { refresh } = useTopicAct(cluster, name)
  const grow = useMutation(
    trpc.administration.grow.mutationOptions({
      onSuccess: async () => {
        await refresh()
        router.push(`${topicPath(cluster, name)}?tab=partitions`)
      },
    }),
  )
  const { from, to } = preview
  return (
    <>
      <Readers cluster={cluster} of={preview} />
      <Effect preview={preview} warnings={warningsOn(preview)}>
        <p className="flat">
          {plural(from, "partition", "partitions")} now, <strong>{to}</strong> then.
          {preview.keyed === false && " The newest messages carry no key, so no order by key is at stake."}
        </p>
        <TypeName
          name={name}
          verb={`Add ${plural(to - from, "partition", "partitions")}`}
          busy={grow.isPending}
          error={grow.error}
          onConfirm={(confirm) => grow.mutate({ cluster, destination: name, total: to, from, confirm })}
        />
      </Effect>
    </>
  )
}

function warningsOn({ keyed, compacted, readers }: GrowPreview): string[] {
  const active = readers.filter((one) => (one.members?.length ?? 0) > 0).length
  return [
    keyed === false
      ? []
      : `${keyed ? "Its messages carry keys." : "The topic has no messages."} Most keys will map to a different partition; order per key is not kept across the change.`,
    compacted
      ? "It is compacted: a key's old message stays in its old partition, beside the new one in another."
      : [],
    active > 0
      ? `${plural(active, "group that reads it gets", "groups that read it get")} the new partitions when its members look at the metadata again.`
      : [],
  ].flat()
}
