"use client"

import { Choice } from "#app/ui/form-field.tsx"
import { duration } from "#app/ui/format.ts"
import type { Draft } from "./routes.ts"

type Wait = "groupWaitMs" | "groupIntervalMs" | "repeatIntervalMs"

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const CHOICES: Record<Wait, { label: string; ms: number[] }> = {
  groupWaitMs: {
    label: "Wait for more before the first notification",
    ms: [0, 10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS],
  },
  groupIntervalMs: {
    label: "Minimum time between notifications",
    ms: [0, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS],
  },
  repeatIntervalMs: {
    label: "Repeat while alerts fire, every",
    ms: [0, HOUR_MS, 4 * HOUR_MS, 24 * HOUR_MS],
  },
}

/** When a route tells. */
export function Waits({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  return (Object.keys(CHOICES) as Wait[]).map((wait) => {
    const { label, ms } = CHOICES[wait]
    const all = [...new Set([...ms, draft[wait]])].toSorted((a, b) => a - b)
    const zero = wait === "repeatIntervalMs" ? "never" : "no wait"
    return (
      <Choice
        key={wait}
        label={label}
        value={String(draft[wait])}
        of={Object.fromEntries(all.map((one) => [String(one), one === 0 ? zero : duration(one)]))}
        onChange={(value) => change({ [wait]: Number(value) })}
      />
    )
  })
}
