import { SetUp } from "./view.tsx"

export const metadata = { title: "Set up" }

export default async function Page(props: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await props.searchParams
  return <SetUp token={typeof token === "string" ? token : ""} />
}
