import { GroupTable } from "../group-table.tsx"

export const metadata = { title: "Lag" }

export default function Page() {
  return (
    <>
      <h1>Lag of all groups</h1>
      <GroupTable />
    </>
  )
}
