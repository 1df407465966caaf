import { UsersPage } from "./view.tsx"

export const metadata = { title: "Users" }

export default function Page() {
  return <UsersPage />
}
