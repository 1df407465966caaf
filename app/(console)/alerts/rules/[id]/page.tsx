import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { RuleView } from "./view.tsx"

export const metadata = { title: "Alert rule" }

export default async function Page(props: { params: Promise<{ id: string }> }) {
  const id = fromSegment((await props.params).id)
  await prefetch(trpc.alerts.rules.queryOptions(), trpc.clusters.names.queryOptions())
  return (
    <Hydrate>
      <RuleView id={id} />
    </Hydrate>
  )
}
