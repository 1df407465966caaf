import { ownPath } from "./own-path.ts"
import { SignIn } from "./view.tsx"

export const metadata = { title: "Sign in" }

export default async function Page(props: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await props.searchParams
  return <SignIn next={ownPath(next)} />
}
