import { ActRoute } from "#app/(console)/acts/act-route.tsx"
import { fromSegment } from "#server/segment.ts"
import { NewTopicPage } from "./view.tsx"

export const metadata = { title: "Create" }

export default async function Page(props: { params: Promise<{ cluster: string }> }) {
  const cluster = fromSegment((await props.params).cluster)
  return (
    <ActRoute cluster={cluster}>
      <NewTopicPage cluster={cluster} />
    </ActRoute>
  )
}
