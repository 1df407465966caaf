"use client"

import Link from "next/link"
import { useRefusal } from "#app/access/me.tsx"
import type { Permission } from "#server/access/index.ts"
import { useOffered } from "./use-offered.ts"

interface Props {
  href: string
  permission: Permission
  cluster: string
  /** A button, the page's first, an item of a menu, or one in red. Default: a button. */
  look?: keyof typeof LOOKS
  children: string
}

const LOOKS = { button: "field", first: "field act", item: "item", danger: "item danger" } as const

/**
 * The way to an act; shown to those who may not take it too, with the role that it needs. Not shown where the connection
 * cannot do it.
 */
export function ActLink({ href, permission, cluster, look = "button", children }: Props) {
  const refusal = useRefusal(permission, cluster)
  const offered = useOffered(permission, cluster)
  if (!offered) return null
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
