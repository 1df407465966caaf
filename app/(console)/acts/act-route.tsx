import type { ComponentType, ReactNode } from "react"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"

/** A page of one act on a cluster, with what tells whether it is offered there, and in which words. */
export async function ActRoute(props: { cluster: string; children: ReactNode }) {
  const { cluster } = props
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.head.queryOptions({ cluster }))
  return <Hydrate>{props.children}</Hydrate>
}

/** The page of one act on a topic, whose names it takes from the address. */
export function topicActPage(View: ComponentType<{ cluster: string; name: string }>) {
  return async function Page(props: { params: Promise<{ cluster: string; topic: string }> }) {
    const params = await props.params
    const cluster = fromSegment(params.cluster)
    return (
      <ActRoute cluster={cluster}>
        <View cluster={cluster} name={fromSegment(params.topic)} />
      </ActRoute>
    )
  }
}
