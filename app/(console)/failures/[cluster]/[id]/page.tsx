import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { LETTERS_A_PAGE } from "./failure-key.ts"
import { FailureView } from "./view.tsx"

interface Props {
  params: Promise<{ cluster: string; id: string }>
}

export const metadata = { title: "Failure" }

export default async function Page(props: Props) {
  const params = await props.params
  const input = { cluster: fromSegment(params.cluster), id: Number(params.id) || 0 }
  await Promise.all([
    prefetch(trpc.failures.get.queryOptions(input)),
    prefetch(
      trpc.failures.letters.queryOptions({
        ...input,
        choice: { replayed: "any" },
        page: 1,
        pageSize: LETTERS_A_PAGE,
      }),
    ),
  ])
  return (
    <Hydrate>
      <FailureView {...input} />
    </Hydrate>
  )
}
