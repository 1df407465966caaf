import { TracesSettings } from "./view.tsx"

export const metadata = { title: "Traces" }

export default function Page() {
  return <TracesSettings />
}
