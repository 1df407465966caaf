import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { ClustersPage } from "./view.tsx"

export const metadata = { title: "Clusters" }

export default async function Page() {
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.list.queryOptions())
  return (
    <Hydrate>
      <ClustersPage />
    </Hydrate>
  )
}
