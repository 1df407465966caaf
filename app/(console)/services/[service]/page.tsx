import { shownName } from "#app/ui/name.ts"
import { fromDecoded, fromSegment } from "#server/segment.ts"
import { ServicePage } from "./view.tsx"

interface Props {
  params: Promise<{ service: string }>
}

export async function generateMetadata(props: Props) {
  return { title: shownName(fromDecoded((await props.params).service)) }
}

export default async function Page(props: Props) {
  return <ServicePage service={fromSegment((await props.params).service)} />
}
