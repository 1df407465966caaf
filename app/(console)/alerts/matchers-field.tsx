"use client"

import type { ReactNode } from "react"
import { TextField } from "#app/ui/form-field.tsx"
import { parseMatchers } from "#server/alerts/matcher-text.ts"

interface Props {
  value: string
  onChange: (value: string) => void
  hint: string
  help?: ReactNode
  /** Default: "Alerts that match". */
  label?: string
  /** What is missing; null: nothing, or it was not asked for yet. */
  missing?: string | null
}

/** Which alerts, as matchers. */
export function MatchersField({ missing = null, ...props }: Props) {
  const isRead = parseMatchers(props.value) !== null
  return (
    <TextField
      {...props}
      label={props.label ?? "Alerts that match"}
      mono
      problem={
        isRead ? missing : "Write matchers like cluster=prod severity!=info; quote values with spaces."
      }
    />
  )
}
