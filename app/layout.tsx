import "@fontsource-variable/inter"
import "@fontsource/jetbrains-mono/400.css"
import "@mantine/core/styles.css"
import "./globals.css"
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from "@mantine/core"
import { headers } from "next/headers"
import { NuqsAdapter } from "nuqs/adapters/next/app"
import type { ReactNode } from "react"
import { ApiProvider } from "./trpc/client.tsx"
import { theme } from "./ui/theme.ts"

export const metadata = { title: { default: "Signalbox", template: "%s · Signalbox" } }

export default async function RootLayout(props: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript nonce={nonce} defaultColorScheme="auto" />
      </head>
      <body>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <NuqsAdapter>
            <ApiProvider>{props.children}</ApiProvider>
          </NuqsAdapter>
        </MantineProvider>
      </body>
    </html>
  )
}
