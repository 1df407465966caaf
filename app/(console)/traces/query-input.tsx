"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type KeyboardEvent, useId, useRef, useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { count } from "#app/ui/format.ts"
import { type Completion, complete, completionAt, keySearch, ownFields } from "./completion.ts"
import { quoted, readFilter } from "./filter.ts"
import type { Span } from "./span-of-time.ts"

const EXAMPLE = '{ resource.service.name = "orders" && duration > 500ms }'
const MAX_SHOWN = 12
const PAUSE_MS = 150
/** Fields whose values are words, not texts in quotes. */
const WORDS = ["status", "kind", "span:status", "span:kind"]

interface Props {
  text: string
  onChange: (text: string) => void
  within: Span
}

/** The query, with proposals for the field or the value that is being written: arrow keys choose, Enter or Tab takes. */
export function QueryInput({ text, onChange, within }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [at, setAt] = useState<Completion | null>(null)
  const [chosen, setChosen] = useState(-1)
  const proposals = useProposals(at, { text, within })
  const isOpen = at !== null && proposals.length > 0
  const look = () => {
    const element = input.current
    setAt(element ? completionAt(element.value, element.selectionStart ?? element.value.length) : null)
    setChosen(-1)
  }
  const take = (value: string) => {
    if (!at) return
    const done = complete(text, at, value)
    onChange(done.text)
    setChosen(-1)
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(done.caret, done.caret)
      setAt(completionAt(done.text, done.caret))
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0
    const picked = proposals[chosen]
    if (step !== 0) setChosen((now) => ((now + step + 1 + proposals.length + 1) % (proposals.length + 1)) - 1)
    else if (event.key === "Escape") setAt(null)
    else if ((event.key === "Enter" || event.key === "Tab") && picked) take(picked.value)
    else return
    event.preventDefault()
  }
  return (
    <div className="query-input grow">
      <input
        ref={input}
        className="field mono"
        type="search"
        aria-label="Query"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && chosen >= 0 ? `${id}-${chosen}` : undefined}
        placeholder={EXAMPLE}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          onChange(event.target.value)
          look()
        }}
        onFocus={look}
        onClick={look}
        onBlur={() => setAt(null)}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label="Proposals" className="list-popup" hidden={!isOpen}>
        {isOpen &&
          proposals.map(({ value, note }, i) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the query, which names the option that is chosen.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the query's keys choose among them.
            <div
              key={value}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen}
              className="option"
              data-highlighted={i === chosen ? "" : undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(value)}
            >
              <span className="grow mono">{value}</span>
              {note && <span className="quiet help">{note}</span>}
            </div>
          ))}
      </div>
    </div>
  )
}

interface Proposal {
  value: string
  note: string
}

/** What may be written at the caret, from what services have sent. */
function useProposals(at: Completion | null, { text, within }: Pick<Props, "text" | "within">): Proposal[] {
  const trpc = useTRPC()
  const asked = useDebounced(at, PAUSE_MS)
  const service = readFilter(text)?.service ?? ""
  const { scope, key } = keySearch(asked?.search ?? "")
  const keys = useQuery({
    ...trpc.traces.keys.queryOptions({ service, search: key }),
    enabled: asked?.of === "field",
    placeholderData: keepPreviousData,
  })
  const field = asked?.of === "value" ? asked.field : ""
  const values = useQuery({
    ...trpc.traces.values.queryOptions({ field, service, search: asked?.search ?? "", ...within }),
    enabled: field !== "" && field !== "duration",
    retry: false,
    placeholderData: keepPreviousData,
  })
  if (at?.of === "field") {
    const own = ownFields(at.search).map((value) => ({ value, note: "" }))
    const known = (keys.data ?? [])
      .filter((one) => scope === null || one.scope === scope)
      .map((one) => ({ value: one.field, note: `${count(one.services)} services` }))
    return unique([...own, ...known]).slice(0, MAX_SHOWN)
  }
  if (at?.of !== "value" || asked?.of !== "value" || asked.field !== at.field) return []
  return (values.data?.values ?? [])
    .map(({ value, spans }) => ({
      value: WORDS.includes(at.field) ? value : quoted(value),
      note: spans > 0 ? count(spans) : "",
    }))
    .slice(0, MAX_SHOWN)
}

function unique(all: readonly Proposal[]): Proposal[] {
  return [...new Map(all.map((one) => [one.value, one])).values()]
}
