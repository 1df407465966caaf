import { RulesView } from "./view.tsx"

export const metadata = { title: "What is read as dead letters" }

export default function Page() {
  return <RulesView />
}
