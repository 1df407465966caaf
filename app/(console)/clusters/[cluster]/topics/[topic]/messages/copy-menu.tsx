"use client"

import { IconCopy } from "@tabler/icons-react"
import { Menu, MenuItem } from "#app/ui/menu.tsx"
import { showToast } from "#app/ui/toast.ts"
import type { MessageDetail } from "#server/messages/index.ts"
import { asCurl, asJson, asKcat, shareLink } from "./copies.ts"
import type { Place } from "./state.ts"

/** A message as something to paste elsewhere. */
export function CopyMenu({ place, message }: { place: Place; message: MessageDetail }) {
  const copies: [what: string, text: () => string][] = [
    ["Value", () => message.value.text],
    ["Message as JSON", () => asJson(place, message)],
    ["kcat command", () => asKcat(place, message)],
    ["curl command", () => asCurl(place, message)],
    ["Link to this message", () => shareLink(place, message)],
  ]
  const copy = async (what: string, text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      showToast(`${what} copied.`)
    } catch {
      showToast("This browser does not let the page copy: it needs HTTPS or localhost.")
    }
  }
  return (
    <Menu
      label="Copy"
      summary={
        <>
          <IconCopy size={14} aria-hidden="true" /> Copy
        </>
      }
    >
      {copies.map(([what, text]) => (
        <MenuItem key={what} onClick={() => void copy(what, text())}>
          {what}
        </MenuItem>
      ))}
    </Menu>
  )
}
