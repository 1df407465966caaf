import { web } from "#server/web.ts"
import { Invite } from "./view.tsx"

export const metadata = { title: "Choose a password" }

export default async function Page(props: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await props.searchParams
  const { signIn } = await web()
  const provider = signIn.password ? null : (signIn.oidc?.name ?? null)
  return <Invite token={typeof token === "string" ? token : ""} provider={provider} />
}
