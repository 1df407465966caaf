"use client"

import Link from "next/link"
import { useRefusal } from "#app/access/me.tsx"
import { MenuItem, MenuLink } from "#app/ui/menu.tsx"
import type { Permission } from "#server/access/index.ts"
import { useOffered } from "./use-offered.ts"

interface Props {
  href: string
  permission: Permission
  cluster: string
  /** A button, the page's first, an item of a menu, or one in red. Default: a button. */
  look?: "button" | "first" | "item" | "danger"
  children: string
}

const LOOKS = { button: "field", first: "field act" } as const

/**
 * The way to an act; shown to those who may not take it too, with the role that it needs. Not shown where the connection
 * cannot do it.
 */
export function ActLink({ href, permission, cluster, look = "button", children }: Props) {
  const refusal = useRefusal(permission, cluster)
  const offered = useOffered(permission, cluster)
  if (!offered) return null
  if (look === "item" || look === "danger") {
    const danger = look === "danger"
    if (refusal === null)
      return (
        <MenuLink href={href} danger={danger}>
          {children}
        </MenuLink>
      )
    return (
      <MenuItem refusal={refusal} danger={danger}>
        {children}
      </MenuItem>
    )
  }
  if (refusal === null)
    return (
      <Link href={href} className={LOOKS[look]}>
        {children}
      </Link>
    )
  return (
    <button type="button" className={LOOKS[look]} disabled title={refusal}>
      {children}
      <span className="unseen"> ({refusal})</span>
    </button>
  )
}
