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
}

/** Which alerts, as matchers. */
export function MatchersField(props: Props) {
  const isRead = parseMatchers(props.value) !== null
  return (
    <TextField
      {...props}
      label={props.label ?? "Alerts that match"}
      mono
      problem={isRead ? null : "Write matchers like cluster=prod severity!=info; quote values with spaces."}
    />
  )
}
