"use client"

import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from "nuqs"
import { useEffect, useState } from "react"
import { useZone } from "../zone.ts"
import { DEFAULT_RANGE, type Range, type RangeText, readRange } from "./range.ts"

const parsers = {
  from: parseAsString.withDefault(DEFAULT_RANGE.from),
  to: parseAsString.withDefault(DEFAULT_RANGE.to),
}

/** The page's range as its address has it, and how to set it; null goes back to the default. */
export function useRangeText(): [RangeText, (to: RangeText | null) => void] {
  const [state, set] = useQueryStates(parsers, { history: "push" })
  return [state, (to) => void set(to ?? { from: null, to: null })]
}

/** The page's time range, from its URL; null before the page lives. A moving range moves every ten seconds. */
export function useRange(): Range | null {
  const [state] = useQueryStates(parsers)
  const zone = useZone()
  const [live] = useQueryState("live", parseAsBoolean.withDefault(true))
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    const tick = () => setNow(Math.floor(Date.now() / 10_000) * 10_000)
    tick()
    if (!live) return
    const timer = setInterval(tick, 10_000)
    return () => clearInterval(timer)
  }, [live])
  if (now === null) return null
  return readRange(state, { now, zone })
}

/** What a chart over the page's range is given besides its lines. The default range begins where history does. */
export function factsOf<
  Facts extends { at: number[]; stepMs: number; resolutionMs: number; begins: number | null },
>({ at, stepMs, resolutionMs, begins }: Facts, { from, to, isDefault }: Range) {
  const first = isDefault && begins !== null && begins < to ? Math.max(from, begins) : from
  return { at, stepMs, resolutionMs, begins, range: { from: first, to } }
}

/** A zoom wholly into the future shows this much before now. */
const MIN_ZOOM_MS = 60_000
/** Where one was before each zoom of this tab, the last one last. */
const before: RangeText[] = []
const MAX_BEFORE = 50

/** Sets the range to two moments, as a drag over a chart does, but to none that is yet to come; null goes one zoom back. */
export function useZoom(): (range: { from: number; to: number } | null) => void {
  const [state, set] = useRangeText()
  return (range) => {
    if (range === null) return set(before.pop() ?? null)
    before.push(state)
    if (before.length > MAX_BEFORE) before.shift()
    const now = Date.now()
    set({
      from: iso(range.from < now ? range.from : now - MIN_ZOOM_MS),
      to: iso(Math.min(range.to, now)),
    })
  }
}

/** As the address has a moment. */
export function iso(ms: number): string {
  return new Date(ms).toISOString()
}
