"use client"

import type { ReactNode } from "react"
import { count } from "../format.ts"

/** What can be done to the rows that are selected. */
export function SelectionBar(props: { selected: number; clear: () => void; children: ReactNode }) {
  if (props.selected === 0) return null
  return (
    <div className="selection" role="toolbar" aria-label="Selected rows">
      <span className="strong" aria-live="polite">
        {count(props.selected)} selected
      </span>
      {props.children}
      <span className="grow" />
      <button type="button" className="field" onClick={props.clear}>
        Clear
      </button>
    </div>
  )
}
