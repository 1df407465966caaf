"use client"

import { useQueryStates } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { Tabs } from "#app/ui/tabs.tsx"
import { ActiveAlerts } from "./active.tsx"
import { Channels } from "./channels.tsx"
import { ChosenAlert } from "./detail.tsx"
import { ResolvedAlerts } from "./list.tsx"
import { NotificationSwitch } from "./notification-switch.tsx"
import { Rules } from "./rules/list.tsx"
import { alertParams } from "./search-params.ts"
import { Silences } from "./silences.tsx"
import { AlertHistory } from "./timeline/view.tsx"

const TABS = {
  firing: "Firing",
  history: "History",
  rules: "Rules",
  silences: "Silences",
  channels: "Channels",
} as const

/** What needs somebody now, what did, by which rules, and who hears of it. */
export function Alerts() {
  const [{ tab, alert }, setState] = useQueryStates(alertParams, { history: "push" })
  return (
    <>
      <PageHead above={HOME} title="Alerts" acts={<NotificationSwitch />} />
      <Tabs
        label="Alerts"
        tabs={TABS}
        chosen={tab}
        choose={(next) => void setState({ tab: next, page: null, rule: null, matchers: null, alert: null })}
      />
      {alert !== "" && <ChosenAlert key={alert} id={alert} />}
      {tab === "firing" && <ActiveAlerts />}
      {tab === "history" && (
        <>
          <AlertHistory />
          <ResolvedAlerts />
        </>
      )}
      {tab === "rules" && <Rules />}
      {tab === "silences" && <Silences />}
      {tab === "channels" && <Channels />}
    </>
  )
}
