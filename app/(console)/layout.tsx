import { cookies } from "next/headers"
import { redirect } from "next/navigation"
import type { ReactNode } from "react"
import { MeProvider } from "../access/me.tsx"
import { Hydrate, prefetch, requestContext, trpc } from "../trpc/server.tsx"
import { PREFERENCES } from "../ui/preference.ts"
import { Shell } from "./shell.tsx"

/** The one real check of the pages: without a session there is nothing but the way to sign in. */
export default async function ConsoleLayout(props: { children: ReactNode }) {
  const { actor } = await requestContext()
  if (actor.kind !== "user") redirect("/sign-in")
  const narrow = (await cookies()).get(PREFERENCES.narrow)?.value === "yes"
  // The bar at the left is drawn with every page, and is the same on the server and in the browser.
  await prefetch(trpc.clusters.names.queryOptions(), trpc.clusters.systems.queryOptions())
  return (
    <MeProvider me={{ email: actor.email, role: actor.role, clusters: actor.clusters }}>
      <Hydrate>
        <Shell narrow={narrow}>{props.children}</Shell>
      </Hydrate>
    </MeProvider>
  )
}
