import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { TracePage } from "./view.tsx"

export const metadata = { title: "Trace" }

export default async function Page(props: { params: Promise<{ id: string }> }) {
  const traceId = fromSegment((await props.params).id)
  await prefetch(trpc.traces.get.queryOptions({ traceId }))
  return (
    <Hydrate>
      <TracePage traceId={traceId} />
    </Hydrate>
  )
}
