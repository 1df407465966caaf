"use client"

import { createContext, type ReactNode, useContext } from "react"
import { type Permission, refusalOf } from "#server/access/permissions.ts"
import type { Grants } from "#server/actor.ts"

export interface Me extends Grants {
  email: string
}

const MeContext = createContext<Me | null>(null)

export function MeProvider(props: { me: Me; children: ReactNode }) {
  return <MeContext value={props.me}>{props.children}</MeContext>
}

/** Who is signed in. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error("useMe outside of the console")
  return me
}

/** Why one may not do this (a sentence with the role that is needed), or null: one may. For buttons that are disabled. */
export function useRefusal(permission: Permission, cluster?: string): string | null {
  const { email, role, clusters } = useMe()
  return refusalOf({ kind: "user", id: "", email, role, clusters }, permission, cluster)
}
