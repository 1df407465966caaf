"use client"

import type { KeyboardEvent } from "react"
import { nameOf, type SpanNode } from "./model.ts"

const PAGE = 15

/** What keys and clicks do on the waterfall. */
export interface TraceKeys {
  /** The span that is pointed at by keys. */
  active: SpanNode | null
  setActive: (node: SpanNode) => void
  open: (node: SpanNode) => void
  /** Names of the spans whose children are hidden. */
  collapsed: ReadonlySet<string>
  toggle: (node: SpanNode) => void
  /** Next and previous of what was found, and of what failed. */
  step: (among: "found" | "failed", by: 1 | -1) => void
  zoom: (by: "in" | "out" | "all") => void
}

/** Arrows move, left and right fold and unfold, Enter opens; n and p go to what was found, e to what failed. */
export function useTraceKeys(rows: readonly SpanNode[], keys: TraceKeys): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof HTMLElement && event.target.closest("input, button, a")) return
    const act = actsOf(rows, keys).get(event.key)
    if (!act) return
    event.preventDefault()
    // j, k and others mean something else on other pages.
    event.stopPropagation()
    act()
  }
}

function actsOf(rows: readonly SpanNode[], keys: TraceKeys): ReadonlyMap<string, () => void> {
  const { active } = keys
  const at = active ? rows.indexOf(active) : -1
  const go = (to: number) => () => {
    const node = rows[Math.min(rows.length - 1, Math.max(0, to))]
    if (node) keys.setActive(node)
  }
  return new Map<string, () => void>([
    ["ArrowDown", go(at + 1)],
    ["j", go(at + 1)],
    ["ArrowUp", go(at - 1)],
    ["k", go(at - 1)],
    ["PageDown", go(at + PAGE)],
    ["PageUp", go(at - PAGE)],
    ["Home", go(0)],
    ["End", go(rows.length - 1)],
    ["ArrowRight", () => right(keys)],
    ["ArrowLeft", () => left(keys)],
    ["Enter", () => void (active && keys.open(active))],
    ["n", () => keys.step("found", 1)],
    ["p", () => keys.step("found", -1)],
    ["e", () => keys.step("failed", 1)],
    ["+", () => keys.zoom("in")],
    ["-", () => keys.zoom("out")],
    ["0", () => keys.zoom("all")],
  ])
}

function right({ active, collapsed, toggle, setActive }: TraceKeys): void {
  const [first] = active?.children ?? []
  if (!active || !first) return
  if (collapsed.has(nameOf(active))) toggle(active)
  else setActive(first)
}

function left({ active, collapsed, toggle, setActive }: TraceKeys): void {
  if (!active) return
  if (active.children.length > 0 && !collapsed.has(nameOf(active))) toggle(active)
  else if (active.parent) setActive(active.parent)
}
