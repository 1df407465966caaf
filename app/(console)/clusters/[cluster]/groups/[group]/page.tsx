import { fromSegment } from "#app/(console)/segment.ts"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { GroupView } from "./view.tsx"

interface Props {
  params: Promise<{ cluster: string; group: string }>
}

export async function generateMetadata(props: Props) {
  return { title: fromSegment((await props.params).group) }
}

export default async function Page(props: Props) {
  const params = await props.params
  const input = { cluster: fromSegment(params.cluster), group: fromSegment(params.group) }
  await prefetch(trpc.groups.get.queryOptions(input))
  return (
    <Hydrate>
      <GroupView {...input} />
    </Hydrate>
  )
}
