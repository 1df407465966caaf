import { Hydrate, prefetch, trpc } from "../trpc/server.tsx"
import { Overview } from "./view.tsx"

export const metadata = { title: "Overview" }

export default async function Page() {
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.list.queryOptions())
  return (
    <Hydrate>
      <Overview />
    </Hydrate>
  )
}
