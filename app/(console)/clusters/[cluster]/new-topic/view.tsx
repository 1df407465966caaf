"use client"

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useQueryStates } from "nuqs"
import { type FormEvent, useEffect, useMemo } from "react"
import { ActPage } from "#app/(console)/acts/act-page.tsx"
import { Warned } from "#app/(console)/acts/effect.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { topicPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { Crumb } from "#app/ui/breadcrumb.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { showToast } from "#app/ui/toast.ts"
import { Fields } from "./fields.tsx"
import { newTopicParams, toConfigs } from "./search-params.ts"

const TYPING_MS = 400

/** Makes a destination; the broker is asked on every change whether it would take it. */
export function NewTopicPage({ cluster }: { cluster: string }) {
  const trpc = useTRPC()
  const [state] = useQueryStates(newTopicParams)
  const { above, words, refresh } = useTopicAct(cluster, "")
  const may = useRefusal("destination.create", cluster) === null
  const now = useMemo(
    () => ({
      cluster,
      destination: state.name.trim(),
      partitions: state.partitions,
      replicas: state.replicas,
      configs: toConfigs(state.settings),
    }),
    [cluster, state],
  )
  const wanted = useDebounced(now, TYPING_MS)
  const preview = useQuery({
    ...trpc.administration.previewCreate.queryOptions(wanted),
    enabled: may && wanted.destination !== "",
    placeholderData: keepPreviousData,
  })
  const create = useMutation(trpc.administration.create.mutationOptions({ onSuccess: refresh }))
  if (create.isSuccess) return <Created cluster={cluster} name={create.variables.destination} above={above} />
  const isSettled = wanted === now && !preview.isFetching && !preview.isPlaceholderData
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSettled) create.mutate(wanted)
  }
  return (
    <ActPage
      cluster={cluster}
      permission="destination.create"
      above={above}
      title={`Create a ${words.destination.one}`}
      about="The brokers validate this before anything is created."
    >
      <form className="panel form" onSubmit={submit} aria-label="New">
        <Fields />
        {wanted.destination === "" ? (
          <Empty>Enter a name.</Empty>
        ) : (
          <Query of={preview}>
            {(found) => (
              <Warned preview={found} warnings={found.warnings}>
                <div className="row">
                  <button type="submit" className="field act" disabled={!isSettled || create.isPending}>
                    Create
                  </button>
                  {!isSettled && <span className="quiet">Validating…</span>}
                </div>
              </Warned>
            )}
          </Query>
        )}
        <MutationError of={create} />
      </form>
    </ActPage>
  )
}

/** A new one is known to the pages as soon as a sweep has seen it. */
function Created(props: { cluster: string; name: string; above: readonly Crumb[] }) {
  const { cluster, name } = props
  const trpc = useTRPC()
  const topic = useQuery({
    ...trpc.destinations.get.queryOptions({ cluster, name }),
    retry: false,
    refetchInterval: (query) => (query.state.data ? false : 2000),
  })
  const router = useRouter()
  const known = topic.data !== undefined
  useEffect(() => {
    if (!known) return
    showToast(`${name} was created.`)
    router.replace(topicPath(cluster, name))
  }, [known, router, cluster, name])
  return (
    <>
      <PageHead above={props.above} title={`Creating ${name}`} />
      <section className="panel" role="status">
        <p>Its page opens as soon as the next sweep has seen it, within seconds.</p>
      </section>
    </>
  )
}
