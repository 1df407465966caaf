import { ActRoute } from "#app/(console)/acts/act-route.tsx"
import { fromSegment } from "#server/segment.ts"
import { DeleteGroupPage } from "./view.tsx"

export const metadata = { title: "Delete group" }

export default async function Page(props: { params: Promise<{ cluster: string; group: string }> }) {
  const params = await props.params
  const cluster = fromSegment(params.cluster)
  return (
    <ActRoute cluster={cluster}>
      <DeleteGroupPage cluster={cluster} group={fromSegment(params.group)} />
    </ActRoute>
  )
}
