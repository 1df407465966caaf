"use client"

import { useState } from "react"
import { Dialog } from "../ui/dialog.tsx"
import { Drawer } from "../ui/drawer.tsx"
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink } from "../ui/menu.tsx"
import { Popover } from "../ui/popover.tsx"
import { showToast } from "../ui/toast.ts"
import { Part } from "./part.tsx"

const nothing = () => undefined
const COLOURS = { light: "Light", dark: "Dark" }

/** All that opens. */
export function Overlays() {
  const [open, setOpen] = useState<"dialog" | "drawer" | null>(null)
  return (
    <Part name="Overlays">
      <div className="row">
        <Menu summary="Menu">
          <MenuLink href="/design">Go somewhere</MenuLink>
          <MenuItem onClick={nothing}>Do something</MenuItem>
          <MenuItem refusal="This needs the role admin">Refused</MenuItem>
          <MenuLine />
          <MenuChoice<keyof typeof COLOURS> label="Colours" value="light" of={COLOURS} onChange={nothing} />
          <MenuLine />
          <MenuItem danger onClick={nothing}>
            Delete
          </MenuItem>
        </Menu>
        <Popover summary="Popover" label="Columns" named align="start">
          <label className="row check">
            <input type="checkbox" defaultChecked /> Lag
          </label>
          <label className="row check">
            <input type="checkbox" /> Members
          </label>
        </Popover>
        <button type="button" className="field" onClick={() => setOpen("dialog")}>
          Dialog
        </button>
        <button type="button" className="field" onClick={() => setOpen("drawer")}>
          Drawer
        </button>
        <button
          type="button"
          className="field"
          onClick={() => showToast("Offsets of billing were reset.", { label: "Undo", run: nothing })}
        >
          Toast
        </button>
      </div>
      {open === "dialog" && (
        <Dialog title="Delete orders?" environment="production" onClose={() => setOpen(null)}>
          <p className="flat">The topic and its 9,699 messages are deleted from shop.</p>
          <div className="row">
            <button type="button" className="field danger">
              Delete
            </button>
            <button type="button" className="field" onClick={() => setOpen(null)}>
              Cancel
            </button>
          </div>
        </Dialog>
      )}
      {open === "drawer" && (
        <Drawer title="Message 881" name="design" onClose={() => setOpen(null)}>
          <p className="flat">What is opened beside the page.</p>
        </Drawer>
      )}
    </Part>
  )
}
