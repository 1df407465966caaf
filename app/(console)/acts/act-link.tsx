"use client"

import Link from "next/link"
import { useRefusal } from "#app/access/me.tsx"
import type { Permission } from "#server/access/index.ts"
import { useOffered } from "./use-offered.ts"

interface Props {
  href: string
  permission: Permission
  cluster: string
  children: string
}

/**
 * The way to an act; shown to those who may not take it too, with the role that it needs. Not shown where the connection
 * cannot do it.
 */
export function ActLink({ href, permission, cluster, children }: Props) {
  const refusal = useRefusal(permission, cluster)
  const offered = useOffered(permission, cluster)
  if (!offered) return null
  if (refusal === null)
    return (
      <Link href={href} className="field">
        {children}
      </Link>
    )
  return (
    <button type="button" className="field" disabled title={refusal}>
      {children}
      <span className="unseen"> ({refusal})</span>
    </button>
  )
}
