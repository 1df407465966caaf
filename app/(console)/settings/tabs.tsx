"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"

/** The parts of the settings; one more is one more line. */
const PARTS = [
  { href: "/settings/account", label: "Your account" },
  { href: "/settings/tokens", label: "API tokens" },
  { href: "/settings/users", label: "Users" },
  { href: "/settings/masking", label: "Masking" },
  { href: "/settings/traces", label: "Traces" },
]

export function SettingsTabs() {
  const path = usePathname()
  return (
    <nav className="tabs" aria-label="Settings">
      {PARTS.map(({ href, label }) => (
        <Link key={href} href={href} aria-current={path === href ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
