import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { ConnectPage } from "./view.tsx"

export const metadata = { title: "Connect a cluster" }

export default async function Page() {
  await prefetch(trpc.clusters.systems.queryOptions())
  return (
    <Hydrate>
      <ConnectPage />
    </Hydrate>
  )
}
