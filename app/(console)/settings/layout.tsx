import type { ReactNode } from "react"
import { HOME } from "#app/(console)/home.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { SettingsTabs } from "./tabs.tsx"

export default function SettingsLayout(props: { children: ReactNode }) {
  return (
    <>
      <PageHead above={HOME} title="Settings" />
      <SettingsTabs />
      {props.children}
    </>
  )
}
