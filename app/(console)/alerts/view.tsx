"use client"

import { useQueryStates } from "nuqs"
import { Tabs } from "#app/ui/tabs.tsx"
import { Channels } from "./channels.tsx"
import { AlertTable } from "./list.tsx"
import { Rules } from "./rules/list.tsx"
import { alertParams } from "./search-params.ts"
import { Silences } from "./silences.tsx"

const TABS = {
  firing: "Firing",
  history: "History",
  rules: "Rules",
  silences: "Silences",
  channels: "Channels",
} as const

/** What needs somebody now, what did, by which rules, and who hears of it. */
export function Alerts() {
  const [{ tab }, setState] = useQueryStates(alertParams, { history: "push" })
  return (
    <>
      <h1>Alerts</h1>
      <Tabs
        label="Alerts"
        tabs={TABS}
        chosen={tab}
        choose={(next) => void setState({ tab: next, page: null, rule: null, matchers: null })}
      />
      {tab === "firing" && <AlertTable state="active" />}
      {tab === "history" && <AlertTable state="resolved" />}
      {tab === "rules" && <Rules />}
      {tab === "silences" && <Silences />}
      {tab === "channels" && <Channels />}
    </>
  )
}
