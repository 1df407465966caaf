import { AuditPage } from "./view.tsx"

export const metadata = { title: "Audit" }

export default function Page() {
  return <AuditPage />
}
