import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { Tokens } from "./view.tsx"

export const metadata = { title: "API tokens" }

export default async function Page() {
  await prefetch(trpc.access.tokens.list.queryOptions())
  return (
    <Hydrate>
      <Tokens />
    </Hydrate>
  )
}
