import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { shownName } from "#app/ui/name.ts"
import { fromDecoded, fromSegment } from "#server/segment.ts"
import { ResetPage } from "./view.tsx"

interface Props {
  params: Promise<{ cluster: string; group: string }>
}

export async function generateMetadata(props: Props) {
  return { title: `Offsets of ${shownName(fromDecoded((await props.params).group))}` }
}

export default async function Page(props: Props) {
  const params = await props.params
  const input = { cluster: fromSegment(params.cluster), group: fromSegment(params.group) }
  await prefetch(trpc.groups.get.queryOptions(input), trpc.offsets.resets.queryOptions(input))
  return (
    <Hydrate>
      <ResetPage {...input} />
    </Hydrate>
  )
}
