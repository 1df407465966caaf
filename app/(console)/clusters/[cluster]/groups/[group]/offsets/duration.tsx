"use client"

import { Select } from "#app/ui/select.tsx"

const UNITS = [
  { name: "minutes", ms: 60_000 },
  { name: "hours", ms: 3_600_000 },
  { name: "days", ms: 86_400_000 },
]

/** A duration as a number and its unit. */
export function Duration(props: { ms: number; setMs: (ms: number) => void }) {
  const unit = UNITS.findLast((one) => props.ms % one.ms === 0) ?? { name: "minutes", ms: 60_000 }
  const amount = Math.max(1, Math.round(props.ms / unit.ms))
  return (
    <span className="row tight">
      <input
        className="field num"
        type="number"
        min={1}
        step={1}
        aria-label="How long"
        value={amount}
        onChange={(event) => props.setMs(Math.max(1, Math.trunc(Number(event.target.value))) * unit.ms)}
      />
      <Select
        label="Unit"
        value={unit.name}
        options={UNITS.map(({ name }) => ({ value: name, label: name }))}
        onChange={(name) => {
          const chosen = UNITS.find((one) => one.name === name)
          props.setMs(amount * (chosen?.ms ?? unit.ms))
        }}
      />
      <span className="quiet help">before now</span>
    </span>
  )
}
