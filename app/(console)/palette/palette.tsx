"use client"

import { useRouter } from "next/navigation"
import { type KeyboardEvent, useRef, useState } from "react"
import { Dialog } from "#app/ui/dialog.tsx"
import { useSticky } from "../sticky.ts"
import type { Entry } from "./entries.ts"
import { type Group, useEntries } from "./use-entries.ts"

/** Finds pages, objects, what can be done to them, and the documentation. */
export default function Palette(props: { close: () => void; openDoc: (section: string) => void }) {
  const router = useRouter()
  const sticky = useSticky()
  const [q, setQ] = useState("")
  const [chosen, setChosen] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const { groups, asked } = useEntries(q, props.openDoc)
  const entries = groups.flatMap((group) => group.entries)
  const open = (entry: Entry | undefined) => {
    if (!entry) return
    props.close()
    if ("run" in entry.go) entry.go.run()
    else router.push(entry.go.path.includes("?") ? entry.go.path : entry.go.path + sticky)
  }
  const move = (to: number) => {
    const at = Math.min(Math.max(to, 0), entries.length - 1)
    setChosen(at)
    list.current?.querySelector(`#hit-${at}`)?.scrollIntoView({ block: "nearest" })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(chosen + 1)
    else if (event.key === "ArrowUp") move(chosen - 1)
    else if (event.key === "Enter") open(entries[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title="Search" untitled className="palette" onClose={props.close}>
      <input
        className="palette-field"
        placeholder="Search, or say what to do: reset offsets of billing"
        aria-label="Search for"
        role="combobox"
        aria-expanded={entries.length > 0}
        aria-controls="hits"
        aria-activedescendant={entries.length > 0 ? `hit-${chosen}` : undefined}
        autoComplete="off"
        value={q}
        onChange={(event) => {
          setQ(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} role="listbox" id="hits" aria-label="Found" className="palette-hits">
        {groups.map((group) => (
          <Hits key={group.label} group={group} entries={entries} chosen={chosen} open={open} />
        ))}
      </div>
      {entries.length === 0 && asked && <p className="quiet palette-none">No results for “{q}”.</p>}
      <p className="quiet help palette-keys">
        <kbd>↑</kbd> <kbd>↓</kbd> to choose, <kbd>Enter</kbd> to open, <kbd>Esc</kbd> to close
      </p>
    </Dialog>
  )
}

function Hits(props: { group: Group; entries: Entry[]; chosen: number; open: (entry: Entry) => void }) {
  const { group, entries, chosen, open } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list
    <div role="group" aria-label={group.label}>
      <div className="group-label" aria-hidden="true">
        {group.label}
      </div>
      {group.entries.map((entry) => {
        const at = entries.indexOf(entry)
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={entry.id}
            id={`hit-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            className="option"
            data-highlighted={at === chosen || undefined}
            onClick={() => open(entry)}
          >
            <span className="grow">{entry.label}</span>
            {entry.note && <span className="quiet help">{entry.note}</span>}
          </div>
        )
      })}
    </div>
  )
}
