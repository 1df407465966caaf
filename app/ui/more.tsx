"use client"

import { IconDots } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { Menu } from "./menu.tsx"

/** The acts that are not a page's first: `MenuLink`s and `MenuItem`s. */
export function More(props: { children: ReactNode }) {
  return (
    <Menu summary={<IconDots size={16} aria-hidden="true" />} label="More actions">
      {props.children}
    </Menu>
  )
}
