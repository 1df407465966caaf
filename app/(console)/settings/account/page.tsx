import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { Account } from "./view.tsx"

export const metadata = { title: "Your account" }

export default async function Page() {
  await prefetch(trpc.access.sessions.queryOptions())
  return (
    <Hydrate>
      <Account />
    </Hydrate>
  )
}
