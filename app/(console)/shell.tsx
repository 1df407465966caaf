"use client"

import {
  IconActivity,
  IconAlertTriangle,
  IconBell,
  IconHistory,
  IconHome,
  IconLayoutSidebar,
  IconSearch,
  IconServer2,
  IconTimeline,
} from "@tabler/icons-react"
import dynamic from "next/dynamic"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { type ReactNode, useCallback, useEffect, useState } from "react"
import { Logo } from "../ui/logo.tsx"
import { loadParts } from "../ui/parts.ts"
import { remember } from "../ui/preference.ts"
import { RangePicker } from "../ui/range.tsx"
import { Toaster } from "../ui/toaster.tsx"
import { AlertBadge } from "./alerts/badge.tsx"
import { ClusterFilter } from "./cluster-filter.tsx"
import { FailureBadge } from "./failures/badge.tsx"
import { JobsMenu } from "./jobs-menu.tsx"
import { LiveSwitch } from "./live-switch.tsx"
import { useShortcuts } from "./shortcuts.ts"
import { useSticky } from "./sticky.ts"
import { UserMenu } from "./user-menu.tsx"
import { ViewsMenu } from "./views-menu.tsx"

const Palette = dynamic(() => import("./palette.tsx"), { ssr: false })
const Tooltips = dynamic(() => import("../ui/tooltips.tsx"), { ssr: false })
const Help = dynamic(() => import("./help.tsx"), { ssr: false })

/** The places of the console; one more is one more line. */
const PLACES = [
  { href: "/", label: "Overview", icon: IconHome, here: (path: string) => path === "/" },
  { href: "/lag", label: "Lag", icon: IconActivity, here: (path: string) => path === "/lag" },
  {
    href: "/clusters",
    label: "Clusters",
    icon: IconServer2,
    here: (path: string) => path.startsWith("/clusters"),
  },
  {
    href: "/failures",
    label: "Failures",
    icon: IconAlertTriangle,
    here: (path: string) => path.startsWith("/failures"),
    badge: FailureBadge,
  },
  {
    href: "/alerts",
    label: "Alerts",
    icon: IconBell,
    here: (path: string) => path.startsWith("/alerts"),
    badge: AlertBadge,
  },
  {
    href: "/traces",
    label: "Traces",
    icon: IconTimeline,
    here: (path: string) => path.startsWith("/traces"),
  },
  { href: "/audit", label: "Audit", icon: IconHistory, here: (path: string) => path === "/audit" },
]

/** What stands around every page: the places, search, the time range, live or not, and who is signed in. */
export function Shell(props: { narrow: boolean; children: ReactNode }) {
  const [open, setOpen] = useState<"search" | "help" | null>(null)
  const onSearch = useCallback(() => setOpen("search"), [])
  const onHelp = useCallback(() => setOpen("help"), [])
  const close = useCallback(() => setOpen(null), [])
  const [narrow, setNarrow] = useState(props.narrow)
  const toggle = () => {
    setNarrow(!narrow)
    remember("narrow", narrow ? null : "yes")
  }
  useShortcuts({ onSearch, onHelp })
  useEffect(loadPartsWhenIdle, [])
  return (
    <div className="shell" data-narrow={narrow || undefined}>
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
          <UserMenu />
        </header>
        <main className="page">{props.children}</main>
      </div>
      <Toaster />
      <Tooltips />
      {open === "search" && <Palette close={close} />}
      {open === "help" && <Help close={close} />}
    </div>
  )
}

function Side(props: { narrow: boolean; onToggle: () => void }) {
  const path = usePathname()
  const sticky = useSticky()
  return (
    <nav className="side" aria-label="Places">
      <Link href={`/${sticky}`} className="brand">
        <Logo size={22} /> <span className="label">Signalbox</span>
      </Link>
      {PLACES.map(({ href, label, icon: Icon, here, badge: Badge }) => (
        <Link
          key={href}
          href={href + sticky}
          className="place"
          title={label}
          aria-label={Badge ? undefined : label}
          aria-current={here(path) ? "page" : undefined}
        >
          <Icon size={16} aria-hidden="true" /> <span className="label">{label}</span>
          {Badge && <Badge />}
        </Link>
      ))}
      <button type="button" className="place foot" aria-expanded={!props.narrow} onClick={props.onToggle}>
        <IconLayoutSidebar size={16} aria-hidden="true" />
        <span className={props.narrow ? "unseen" : "label quiet"}>
          {props.narrow ? "Expand" : "Collapse"}
        </span>
      </button>
    </nav>
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
