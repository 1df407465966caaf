import { Hydrate } from "#app/trpc/server.tsx"
import { shownName } from "#app/ui/name.ts"
import { fromDecoded, fromSegment } from "#server/segment.ts"
import { PlanPage } from "./view.tsx"

interface Props {
  params: Promise<{ cluster: string; group: string; plan: string }>
}

export async function generateMetadata(props: Props) {
  return { title: `Reset of ${shownName(fromDecoded((await props.params).group))}` }
}

export default async function Page(props: Props) {
  const params = await props.params
  const key = {
    cluster: fromSegment(params.cluster),
    group: fromSegment(params.group),
    plan: fromSegment(params.plan),
  }
  return (
    <Hydrate>
      <PlanPage {...key} />
    </Hydrate>
  )
}
