"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { newTopicPath } from "#app/(console)/paths.ts"
import { capital, useSystems } from "#app/(console)/systems.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { plural } from "#app/ui/format.ts"
import { Search } from "#app/ui/search.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { SystemWords } from "#server/brokers/system.ts"
import type { DestinationRow, Page } from "#server/clusters/index.ts"
import { ClusterHead } from "../head.tsx"
import { topicColumns } from "./columns.tsx"
import { PAGE_SIZE, topicsParams } from "./search-params.ts"

/** The topics of a cluster, one page at a time: order, filter and paging are the server's. */
export function TopicsPage(props: { cluster: string }) {
  const { cluster } = props
  const trpc = useTRPC()
  const [state] = useQueryStates(topicsParams)
  const detail = useQuery(trpc.clusters.head.queryOptions({ cluster }))
  const words = useSystems()(detail.data?.system ?? "")
  const topics = useQuery({
    ...trpc.destinations.list.queryOptions({ cluster, ...state, pageSize: PAGE_SIZE }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <ClusterHead cluster={cluster} place="topics" />
      <section className="panel" aria-label={capital(words.destination.many)}>
        <Tools cluster={cluster} words={words} total={topics.data?.total ?? null} />
        <Query of={topics}>{(page) => <Topics cluster={cluster} words={words} page={page} />}</Query>
      </section>
    </>
  )
}

function Topics(props: { cluster: string; words: SystemWords; page: Page<DestinationRow> }) {
  const { cluster, words, page } = props
  const [state, set] = useQueryStates(topicsParams, { history: "push" })
  if (page.rows.length === 0) {
    return (
      <Empty>
        {state.q !== "" || state.health === "bad"
          ? `No ${words.destination.one} matches these filters.`
          : `No ${words.destination.many} yet: the cluster has none, or it was not described yet.`}
      </Empty>
    )
  }
  return (
    <DataTable
      name="topics"
      label={capital(words.destination.many)}
      columns={topicColumns(cluster, words)}
      rows={page.rows}
      keyOf={(row) => row.name}
      order={state}
      setOrder={(order) => void set(order as Partial<typeof state>)}
      total={page.total}
      pageSize={PAGE_SIZE}
    />
  )
}

function Tools(props: { cluster: string; words: SystemWords; total: number | null }) {
  const [state, set] = useQueryStates(topicsParams, { history: "push" })
  return (
    <div className="row tools">
      <Search
        label={`Filter ${props.words.destination.many} by name`}
        value={state.q}
        onChange={(q) => void set({ q, page: null })}
      />
      <label className="row check">
        <input
          type="checkbox"
          checked={state.health === "bad"}
          onChange={(event) => void set({ health: event.target.checked ? "bad" : null, page: null })}
        />
        Unhealthy only
      </label>
      <label className="row check">
        <input
          type="checkbox"
          checked={state.internal}
          onChange={(event) => void set({ internal: event.target.checked, page: null })}
        />
        Show internal
      </label>
      <span className="grow" />
      <span className="quiet">
        {props.total !== null &&
          plural(props.total, props.words.destination.one, props.words.destination.many)}
      </span>
      <ActLink permission="destination.create" cluster={props.cluster} href={newTopicPath(props.cluster)}>
        {`Create ${props.words.destination.one}`}
      </ActLink>
    </div>
  )
}
