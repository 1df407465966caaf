"use client"

import type { ReactNode } from "react"
import { useOpener } from "./parts.ts"

export interface PopoverProps {
  /** What stands on its button. */
  summary: ReactNode
  /** The button's name, where what stands on it is no text, and the name of what opens. */
  label: string
  /** Whether the label is only what opens is called, and the button is named by its text. */
  named?: boolean
  children: ReactNode | ((close: () => void) => ReactNode)
  align?: "start" | "end"
  className?: string
  disabled?: boolean
}

/** Fields and lists that open under a button. For acts alone: `Menu`. */
export function Popover(props: PopoverProps) {
  const { parts, start, early } = useOpener()
  if (parts) return <parts.PopoverPart of={props} start={start.current} />
  return (
    <button
      type="button"
      className={props.className ?? "field"}
      aria-label={props.named ? undefined : props.label}
      aria-haspopup="dialog"
      aria-expanded={false}
      disabled={props.disabled}
      {...early}
    >
      {props.summary}
    </button>
  )
}
