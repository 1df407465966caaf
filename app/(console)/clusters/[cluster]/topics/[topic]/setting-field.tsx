"use client"

import { useState } from "react"
import { Select } from "#app/ui/select.tsx"
import { inUnit, unitsOf } from "./settings.ts"

interface Props {
  name: string
  value: string
  /** What it may be, where there are few. */
  choices: readonly string[] | undefined
  onChange: (value: string) => void
}

const FLAG = ["true", "false"]

/** A setting's new value: one of a few, a number with its unit, or as the broker writes it. */
export function SettingField({ name, value, choices, onChange }: Props) {
  const of = choices ?? (FLAG.includes(value) ? FLAG : undefined)
  if (of !== undefined) {
    const options = of.includes(value) ? of : [value, ...of]
    return (
      <Select
        label={name}
        value={value}
        options={options.map((one) => ({ value: one, label: one }))}
        onChange={onChange}
      />
    )
  }
  if (unitsOf(name) !== null) return <WithUnit name={name} value={value} onChange={onChange} />
  return (
    <input
      className="field mono"
      aria-label={name}
      value={value}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

const NO_LIMIT = "no limit"

function WithUnit({ name, value, onChange }: Omit<Props, "choices">) {
  const units = unitsOf(name) ?? []
  const [unit, setUnit] = useState(() => inUnit(name, value)?.unit.name ?? (value === "-1" ? NO_LIMIT : ""))
  const size = units.find((one) => one.name === unit)?.size ?? 1
  const amount = value === "" || value === "-1" ? "" : String(Number(value) / size)
  const choose = (next: string) => {
    setUnit(next)
    const nextSize = units.find((one) => one.name === next)?.size ?? 1
    if (next === NO_LIMIT) onChange("-1")
    else if (amount !== "") onChange(String(Math.round(Number(amount) * nextSize)))
    else onChange("")
  }
  return (
    <span className="joined">
      <input
        className="field num"
        type="number"
        min={0}
        step="any"
        aria-label={name}
        disabled={unit === NO_LIMIT}
        value={amount}
        onChange={(event) =>
          onChange(event.target.value === "" ? "" : String(Math.round(Number(event.target.value) * size)))
        }
      />
      <Select
        label={`Unit of ${name}`}
        value={unit}
        options={[...units.map((one) => one.name), NO_LIMIT].map((one) => ({ value: one, label: one }))}
        onChange={choose}
      />
    </span>
  )
}
