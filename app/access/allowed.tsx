"use client"

import type { ReactNode } from "react"
import type { Permission } from "#server/access/index.ts"
import { useRefusal } from "./me.tsx"

/** What one may see; else the role that is needed. */
export function Allowed(props: { permission: Permission; cluster?: string; children: ReactNode }) {
  const refusal = useRefusal(props.permission, props.cluster)
  if (refusal === null) return props.children
  return (
    <section className="panel" aria-label="Not allowed">
      <p>{refusal}</p>
      <p className="quiet">Ask an administrator of this Signalbox for it.</p>
    </section>
  )
}
