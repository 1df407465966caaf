"use client"

import { useMantineColorScheme } from "@mantine/core"
import { IconActivity, IconHome, IconMoon, IconSearch, IconServer2 } from "@tabler/icons-react"
import dynamic from "next/dynamic"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { type ReactNode, useState } from "react"
import { RangePicker } from "../ui/range.tsx"
import { useLive } from "./live.ts"
import { useShortcuts } from "./shortcuts.ts"

const Palette = dynamic(() => import("./palette.tsx"), { ssr: false })

const PLACES = [
  { href: "/", label: "Overview", icon: IconHome, here: (path: string) => path === "/" },
  { href: "/lag", label: "Lag", icon: IconActivity, here: (path: string) => path === "/lag" },
  {
    href: "/clusters",
    label: "Clusters",
    icon: IconServer2,
    here: (path: string) => path.startsWith("/clusters"),
  },
]

export function Shell(props: { email: string; role: string; children: ReactNode }) {
  const [searching, setSearching] = useState(false)
  const live = useLive()
  useShortcuts({ onSearch: () => setSearching(true) })
  return (
    <div className="shell">
      <Side email={props.email} role={props.role} />
      <div style={{ minWidth: 0 }}>
        <header className="top">
          <button type="button" className="field row" onClick={() => setSearching(true)}>
            <IconSearch size={14} aria-hidden="true" /> Search <kbd className="quiet">Ctrl K</kbd>
          </button>
          <span className="grow" />
          <RangePicker />
          <span className={live ? "quiet" : "warn"} role="status">
            <span aria-hidden="true">{live ? "●" : "○"}</span> {live ? "live" : "not live: reconnecting"}
          </span>
        </header>
        <main className="page">{props.children}</main>
      </div>
      {searching && <Palette close={() => setSearching(false)} />}
    </div>
  )
}

function Side(props: { email: string; role: string }) {
  const path = usePathname()
  const { toggleColorScheme } = useMantineColorScheme()
  return (
    <nav className="side" aria-label="Places">
      <Link href="/" className="brand">
        Signalbox
      </Link>
      {PLACES.map(({ href, label, icon: Icon, here }) => (
        <Link key={href} href={href} className="place" aria-current={here(path) ? "page" : undefined}>
          <Icon size={16} aria-hidden="true" /> {label}
        </Link>
      ))}
      <div className="foot" style={{ marginTop: "auto" }}>
        <button
          type="button"
          className="place"
          style={{ all: "unset", cursor: "pointer" }}
          onClick={() => toggleColorScheme()}
        >
          <span className="row quiet" style={{ padding: "0.375rem 0.5rem" }}>
            <IconMoon size={14} aria-hidden="true" /> Light or dark
          </span>
        </button>
        <div
          className="quiet"
          style={{ padding: "0.375rem 0.5rem", overflowWrap: "anywhere", fontSize: "0.75rem" }}
        >
          {props.email} · {props.role}
          <br />
          <SignOut />
        </div>
      </div>
    </nav>
  )
}

function SignOut() {
  const leave = async () => {
    await fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    })
    window.location.assign("/sign-in")
  }
  return (
    <button
      type="button"
      style={{ all: "unset", cursor: "pointer", textDecoration: "underline" }}
      onClick={() => void leave()}
    >
      Sign out
    </button>
  )
}
