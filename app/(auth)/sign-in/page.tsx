import { SignIn } from "./view.tsx"

export const metadata = { title: "Sign in" }

export default async function Page(props: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await props.searchParams
  return <SignIn next={ownPath(next)} />
}

/** Only a path of this very site: `//host` and `/\host` lead elsewhere. */
function ownPath(next: string | string[] | undefined): string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/"
}
