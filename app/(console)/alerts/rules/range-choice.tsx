"use client"

import { useQueryStates } from "nuqs"
import { editorParams, RANGES } from "./search-params.ts"

/** How far back a rule is tried; in the address. */
export function RangeChoice() {
  const [{ range }, set] = useQueryStates(editorParams)
  return (
    <select
      className="field"
      aria-label="Range"
      value={range}
      onChange={({ target }) => {
        const chosen = (Object.keys(RANGES) as (keyof typeof RANGES)[]).find((one) => one === target.value)
        void set({ range: chosen ?? null })
      }}
    >
      {Object.entries(RANGES).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  )
}
