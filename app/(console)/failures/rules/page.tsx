import { RulesView } from "./view.tsx"

export const metadata = { title: "Dead-letter rules" }

export default function Page() {
  return <RulesView />
}
