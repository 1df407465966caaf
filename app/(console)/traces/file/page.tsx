import { TraceFilePage } from "./view.tsx"

export const metadata = { title: "Trace file" }

export default function Page() {
  return <TraceFilePage />
}
