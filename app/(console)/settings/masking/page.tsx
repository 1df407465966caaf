import { MaskingPage } from "./view.tsx"

export const metadata = { title: "Masking" }

export default function Page() {
  return <MaskingPage />
}
