import { redirect } from "next/navigation"
import type { ReactNode } from "react"
import { MeProvider } from "../access/me.tsx"
import { requestContext } from "../trpc/server.tsx"
import { Shell } from "./shell.tsx"

/** The one real check of the pages: without a session there is nothing but the way to sign in. */
export default async function ConsoleLayout(props: { children: ReactNode }) {
  const { actor } = await requestContext()
  if (actor.kind !== "user") redirect("/sign-in")
  return (
    <MeProvider me={{ email: actor.email, role: actor.role, clusters: actor.clusters }}>
      <Shell>{props.children}</Shell>
    </MeProvider>
  )
}
