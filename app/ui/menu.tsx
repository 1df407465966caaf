"use client"

import type { ReactNode } from "react"
import { useOpener, useParts } from "./parts.ts"

export interface MenuProps {
  /** What stands on its button. */
  summary: ReactNode
  /** The button's name, where what stands on it is no text. */
  label?: string
  /** `MenuItem`s, `MenuLink`s and `MenuChoice`s. */
  children: ReactNode
}

/** Acts that open under a button: arrow keys and letters move, Escape closes and gives the focus back. */
export function Menu(props: MenuProps) {
  const { parts, start, early } = useOpener()
  if (parts) return <parts.MenuPart of={props} start={start.current} />
  return (
    <button
      type="button"
      className="field"
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      {...early}
    >
      {props.summary}
    </button>
  )
}

export interface MenuItemProps {
  children: ReactNode
  onClick?: () => void
  /** Why it cannot be done; shown, and the item is disabled. */
  refusal?: string | null
  danger?: boolean
}

/** An act in a menu. */
export function MenuItem(props: MenuItemProps) {
  const parts = useParts()
  return parts && <parts.MenuItemPart {...props} />
}

export interface MenuLinkProps {
  href: string
  children: ReactNode
  danger?: boolean
}

/** A way elsewhere in a menu. */
export function MenuLink(props: MenuLinkProps) {
  const parts = useParts()
  return parts && <parts.MenuLinkPart {...props} />
}

export interface MenuChoiceProps<Value extends string = string> {
  label: string
  value: Value
  of: Readonly<Record<Value, string>>
  onChange: (value: Value) => void
}

/** One of a few in a menu, such as light or dark; it stays open. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  const parts = useParts()
  return parts && <parts.MenuChoicePart {...props} />
}

/** A line between groups of items. */
export function MenuLine() {
  return <div className="menu-line" aria-hidden="true" />
}
