"use client"

import { IconHelpCircle, IconSearch } from "@tabler/icons-react"
import dynamic from "next/dynamic"
import { type ReactNode, useCallback, useEffect, useState } from "react"
import { loadParts } from "../ui/parts.ts"
import { remember } from "../ui/preference.ts"
import { RangePicker } from "../ui/range/picker.tsx"
import { Toaster } from "../ui/toaster.tsx"
import { useZone } from "../ui/zone.ts"
import { ClusterFilter } from "./cluster-filter.tsx"
import { toneOf, useCluster, useEnvironment } from "./environment.ts"
import { JobsMenu } from "./jobs-menu.tsx"
import { LiveSwitch } from "./live-switch.tsx"
import { useOfflinePage } from "./offline-page.ts"
import { useRecent } from "./palette/use-recent.ts"
import { useShortcuts } from "./shortcuts.ts"
import { Side } from "./side.tsx"
import { UserMenu } from "./user-menu.tsx"
import { ViewsMenu } from "./views-menu.tsx"

const Palette = dynamic(() => import("./palette/palette.tsx"), { ssr: false })
const Tooltips = dynamic(() => import("../ui/tooltips.tsx"), { ssr: false })
const Help = dynamic(() => import("./help.tsx"), { ssr: false })

/** What stands around every page: the places, search, the time range, live or not, and who is signed in. */
export function Shell(props: { narrow: boolean; children: ReactNode }) {
  const [open, setOpen] = useState<"search" | "help" | null>(null)
  const [section, setSection] = useState<string | null>(null)
  const onSearch = useCallback(() => setOpen("search"), [])
  const onHelp = useCallback(() => {
    setSection(null)
    setOpen("help")
  }, [])
  const openDoc = (id: string) => {
    setSection(id)
    setOpen("help")
  }
  const close = useCallback(() => setOpen(null), [])
  const [narrow, setNarrow] = useState(props.narrow)
  const toggle = () => {
    setNarrow(!narrow)
    remember("narrow", narrow ? null : "yes")
  }
  const environment = useEnvironment(useCluster())
  useShortcuts({ onSearch, onHelp })
  useEffect(loadPartsWhenIdle, [])
  useRecent()
  useOfflinePage()
  return (
    <div
      className="shell"
      data-narrow={narrow || undefined}
      data-environment={environment ? toneOf(environment) : undefined}
    >
      <Skip />
      <Side narrow={narrow} onToggle={toggle} />
      <div>
        <header className="top">
          <button type="button" className="field find" onClick={onSearch}>
            <IconSearch size={14} aria-hidden="true" /> <span className="word">Search</span>{" "}
            <kbd className="quiet">Ctrl K</kbd>
          </button>
          <span className="grow" />
          <ClusterFilter />
          <RangePicker />
          <LiveSwitch />
          <JobsMenu />
          <ViewsMenu />
          <button
            type="button"
            className="field help-button"
            aria-label="Help"
            title="Help (?)"
            onClick={onHelp}
          >
            <IconHelpCircle size={16} aria-hidden="true" />
          </button>
          <UserMenu onHelp={onHelp} />
        </header>
        <ZonedPage>{props.children}</ZonedPage>
      </div>
      <Toaster />
      <Tooltips />
      {open === "search" && <Palette close={close} openDoc={openDoc} />}
      {open === "help" && <Help close={close} section={section} />}
    </div>
  )
}

const CONTENT = "content"

/** First for Tab: past the places and tools, which are the same on every page. */
function Skip() {
  return (
    <a
      className="field skip"
      href={`#${CONTENT}`}
      onClick={(event) => {
        event.preventDefault()
        document.getElementById(CONTENT)?.focus()
      }}
    >
      Skip to content
    </a>
  )
}

/** Another zone writes every time of the page anew. */
function ZonedPage(props: { children: ReactNode }) {
  return (
    <main className="page" id={CONTENT} tabIndex={-1} key={useZone()}>
      {props.children}
    </main>
  )
}

/** After the page stands, so that nothing waits for it, and the first menu opens at once. */
function loadPartsWhenIdle(): () => void {
  // Safari has no idle callbacks.
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(loadParts, 1000)
    return () => clearTimeout(timer)
  }
  const idle = requestIdleCallback(loadParts, { timeout: 2000 })
  return () => cancelIdleCallback(idle)
}
