import { fromSegment } from "#server/segment.ts"
import { TracePage } from "./view.tsx"

export const metadata = { title: "Trace" }

/** A trace may have 100,000 spans: the browser asks for them once the page is there. */
export default async function Page(props: { params: Promise<{ id: string }> }) {
  return <TracePage traceId={fromSegment((await props.params).id)} />
}
