import "@fontsource-variable/inter"
import "@fontsource/jetbrains-mono/400.css"
import "./styles/index.css"
import { cookies } from "next/headers"
import { NuqsAdapter } from "nuqs/adapters/next/app"
import type { ReactNode } from "react"
import { ApiProvider } from "./trpc/client.tsx"
import { PREFERENCES } from "./ui/preference.ts"

export const metadata = { title: { default: "Signalbox", template: "%s · Signalbox" } }

export default async function RootLayout(props: { children: ReactNode }) {
  const kept = await cookies()
  const scheme = kept.get(PREFERENCES.scheme)?.value ?? "auto"
  const density = kept.get(PREFERENCES.density)?.value ?? "comfortable"
  const zone = kept.get(PREFERENCES.zone)?.value ?? "local"
  return (
    <html lang="en" data-scheme={scheme} data-density={density} data-zone={zone}>
      <body>
        <NuqsAdapter>
          <ApiProvider>{props.children}</ApiProvider>
        </NuqsAdapter>
      </body>
    </html>
  )
}
