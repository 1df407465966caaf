import {
  IconActivity,
  IconAlertTriangle,
  IconBell,
  IconHeartbeat,
  IconHistory,
  IconHome,
  IconMessages,
  IconServer2,
  IconSettings,
  IconStack2,
  IconTimeline,
  IconUsersGroup,
} from "@tabler/icons-react"
import type { ComponentType } from "react"
import { AlertBadge } from "./alerts/badge.tsx"
import { FailureBadge } from "./failures/badge.tsx"
import { clusterPath } from "./paths.ts"

export interface Place {
  href: string
  label: string
  icon: ComponentType<{ size: number; "aria-hidden": "true" }>
  here: (path: string) => boolean
  badge?: ComponentType
  /** Whether there is room for it in the bar of a phone. */
  notOnPhone?: boolean
}

const below = (href: string) => (path: string) => path === href || path.startsWith(`${href}/`)

/** What goes on, on all clusters. */
export const MONITOR: readonly Place[] = [
  { href: "/", label: "Overview", icon: IconHome, here: (path) => path === "/" },
  { href: "/lag", label: "Lag", icon: IconActivity, here: below("/lag") },
  {
    href: "/failures",
    label: "Failures",
    icon: IconAlertTriangle,
    here: below("/failures"),
    badge: FailureBadge,
  },
  { href: "/alerts", label: "Alerts", icon: IconBell, here: below("/alerts"), badge: AlertBadge },
  { href: "/services", label: "Services", icon: IconStack2, here: below("/services") },
  { href: "/traces", label: "Traces", icon: IconTimeline, here: below("/traces") },
]

/** The pages of one cluster. */
export function placesOf(cluster: string, words: { topics: string; groups: string }): Place[] {
  const base = clusterPath(cluster)
  return [
    { href: base, label: "Health", icon: IconHeartbeat, here: (path) => path === base },
    {
      href: `${base}/topics`,
      label: words.topics,
      icon: IconMessages,
      here: (path) => below(`${base}/topics`)(path) || path === `${base}/new-topic`,
    },
    { href: `${base}/groups`, label: words.groups, icon: IconUsersGroup, here: below(`${base}/groups`) },
  ]
}

/** What one sets up, and looks up. */
export const MANAGE: readonly Place[] = [
  {
    href: "/clusters",
    label: "Clusters",
    icon: IconServer2,
    here: (path) => path === "/clusters" || path === "/clusters/new" || path.endsWith("/connection"),
  },
  { href: "/audit", label: "Audit", icon: IconHistory, here: below("/audit"), notOnPhone: true },
  {
    href: "/settings",
    label: "Settings",
    icon: IconSettings,
    here: below("/settings"),
    notOnPhone: true,
  },
]
