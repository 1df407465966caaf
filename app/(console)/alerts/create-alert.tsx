"use client"

import Link from "next/link"
import { newRulePath } from "#app/(console)/paths.ts"

interface Props {
  signal: string
  cluster: string
  /** The name of what is watched; absent: everything of the cluster. */
  include?: string
}

/** The way to a new alert rule on what the page shows. */
export function CreateAlert(about: Props) {
  return (
    <Link href={newRulePath({ ...about })} className="field">
      Create alert
    </Link>
  )
}
