import { Invite } from "./view.tsx"

export const metadata = { title: "Choose a password" }

export default async function Page(props: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await props.searchParams
  return <Invite token={typeof token === "string" ? token : ""} />
}
