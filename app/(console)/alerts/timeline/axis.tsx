"use client"

import { clock } from "#app/ui/chart/prepare.ts"
import { useAlive } from "#app/ui/now.ts"

const TICKS = 6

/** The times along a timeline. Every bar says its own, so this is for the eye alone. */
export function Axis({ within }: { within: { from: number; to: number } }) {
  const alive = useAlive()
  const step = (within.to - within.from) / TICKS
  const seconds = Array.from({ length: TICKS }, (_, i) => (within.from + i * step) / 1000)
  const labels = alive ? clock(seconds, step / 1000, new Date()) : []
  return (
    <div className="timeline-line timeline-axis" aria-hidden="true">
      <span className="timeline-name" />
      <span className="timeline-track">
        {labels.map((label, i) => (
          <span key={seconds[i]} style={{ left: `${(i / TICKS) * 100}%` }}>
            {label}
          </span>
        ))}
      </span>
    </div>
  )
}
