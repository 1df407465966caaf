"use client"

import { useQueryStates } from "nuqs"
import { optionsOf, Select } from "#app/ui/select.tsx"
import { editorParams, RANGES } from "./search-params.ts"

/** How far back a rule is tried; in the address. */
export function RangeChoice() {
  const [{ range }, set] = useQueryStates(editorParams)
  return (
    <Select
      label="Range"
      value={range}
      options={optionsOf(RANGES)}
      onChange={(chosen) => void set({ range: chosen })}
    />
  )
}
