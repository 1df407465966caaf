import { notFound } from "next/navigation"
import { DesignPage } from "./view.tsx"

export const dynamic = "force-dynamic"
export const metadata = { title: "Design" }

/** Every component in every state. For development, and for its pictures in the tests: elsewhere there is no such page. */
export default function Page() {
  if (process.env.NODE_ENV !== "development" && process.env.SIGNALBOX_DESIGN_PAGE !== "yes") notFound()
  return <DesignPage />
}
