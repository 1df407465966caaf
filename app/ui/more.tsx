"use client"

import { IconDots } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { Menu } from "./menu.tsx"

/** The acts that are not a page's first: links and buttons of the class `item`. */
export function More(props: { children: ReactNode }) {
  return (
    <Menu summary={<IconDots size={16} aria-hidden="true" />} label="More actions">
      {props.children}
    </Menu>
  )
}
