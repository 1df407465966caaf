import { ServiceList } from "./view.tsx"

export const metadata = { title: "Services" }

export default function Page() {
  return <ServiceList />
}
