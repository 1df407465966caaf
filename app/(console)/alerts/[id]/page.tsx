import { notFound } from "next/navigation"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { AlertView } from "./view.tsx"

export const metadata = { title: "Alert" }

export default async function Page(props: { params: Promise<{ id: string }> }) {
  const id = fromSegment((await props.params).id)
  if (!/^\d{1,18}$/.test(id)) notFound()
  await prefetch(trpc.alerts.get.queryOptions({ id }))
  return (
    <Hydrate>
      <AlertView id={id} />
    </Hydrate>
  )
}
