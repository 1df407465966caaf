import { GroupTable } from "../../../group-table.tsx"
import { ClusterHead } from "../head.tsx"

export const metadata = { title: "Consumer groups" }

export default async function Page(props: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await props.params).cluster)
  return (
    <>
      <ClusterHead cluster={cluster} place="groups" />
      <GroupTable cluster={cluster} />
    </>
  )
}
