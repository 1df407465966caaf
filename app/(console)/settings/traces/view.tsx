"use client"

import { Allowed } from "#app/access/allowed.tsx"
import { Retention } from "./retention.tsx"
import { SpanTokens } from "./tokens.tsx"

/** How long spans are kept and what they take, and by which tokens they may be sent. */
export function TracesSettings() {
  return (
    <Allowed permission="trace.configure">
      <Retention />
      <SpanTokens />
    </Allowed>
  )
}
