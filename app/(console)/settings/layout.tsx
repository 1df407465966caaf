import type { ReactNode } from "react"
import { SettingsTabs } from "./tabs.tsx"

export default function SettingsLayout(props: { children: ReactNode }) {
  return (
    <>
      <h1>Settings</h1>
      <SettingsTabs />
      {props.children}
    </>
  )
}
