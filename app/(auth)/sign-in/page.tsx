import { web } from "#server/web.ts"
import { ownPath } from "./own-path.ts"
import { SignIn } from "./view.tsx"

export const metadata = { title: "Sign in" }

interface Asked {
  next?: string | string[]
  error?: string | string[]
}

export default async function Page(props: { searchParams: Promise<Asked> }) {
  const { next, error } = await props.searchParams
  const { signIn } = await web()
  return (
    <SignIn
      next={ownPath(next)}
      password={signIn.password}
      provider={signIn.oidc?.name ?? null}
      error={typeof error === "string" ? error : null}
    />
  )
}
