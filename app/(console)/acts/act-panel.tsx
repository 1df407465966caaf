"use client"

import type { ReactNode } from "react"
import { toneOf, useCluster, useEnvironment } from "../environment.ts"

interface Props {
  label: string
  /** Classes more, for what is laid out in it. */
  className?: string
  children: ReactNode
}

/** Where something is done to a cluster, in the colour of its environment: nobody should act on production by mistake. */
export function ActPanel({ label, className, children }: Props) {
  const environment = useEnvironment(useCluster())
  return (
    <section
      className={`panel act-panel ${className ?? ""}`}
      aria-label={label}
      data-environment={environment ? toneOf(environment) : undefined}
    >
      {children}
    </section>
  )
}
