import type { Labels } from "../matcher.ts"
import { covers, type Silence, spansWithin } from "../silences/window.ts"
import type { AlertPart } from "../views.ts"

/** What is known of an alert over time, ms. */
export interface Episode {
  state: string
  startedAt: number
  firedAt: number | null
  resolvedAt: number | null
  labels: Labels
  /** acknowledged and unacknowledged, in order of time. */
  events: readonly { at: number; kind: string }[]
}

/** A silence, with when it holds within the span that is looked at. */
export interface HeldSilence {
  silence: Silence
  spans: readonly { from: number; to: number }[]
}

export function heldWithin(silences: readonly Silence[], span: { from: number; to: number }): HeldSilence[] {
  return silences.map((silence) => ({ silence, spans: spansWithin(silence, span) }))
}

/**
 * When an alert was pending, firing, acknowledged and silenced, as far as it is within a span; `to` null: it goes on at the
 * end of the span. Only while it fires it can be acknowledged or silenced.
 */
export function partsOf(
  episode: Episode,
  held: readonly HeldSilence[],
  span: { from: number; to: number },
): AlertPart[] {
  const { startedAt, firedAt, labels, events } = episode
  const end = episode.state === "resolved" ? episode.resolvedAt : null
  const parts: AlertPart[] = []
  const add = (state: AlertPart["state"], from: number, to: number | null) => {
    if (from < span.to && (to ?? span.to) > span.from && (to === null || to > from))
      parts.push({ state, from, to })
  }
  if (firedAt === null || startedAt < firedAt) add("pending", startedAt, firedAt ?? end)
  if (firedAt === null) return parts
  add("firing", firedAt, end)
  for (const { from, to } of acknowledgements(events)) add("acknowledged", from, to ?? end)
  const until = end ?? span.to
  const silenced = held.filter(({ silence }) => covers(silence, labels)).flatMap((one) => one.spans)
  for (const one of joined(silenced)) {
    const [from, to] = [Math.max(one.from, firedAt), Math.min(one.to, until)]
    add("silenced", from, end === null && to === span.to ? null : to)
  }
  return parts
}

function acknowledgements(events: Episode["events"]): { from: number; to: number | null }[] {
  const spans: { from: number; to: number | null }[] = []
  for (const { at, kind } of events) {
    const last = spans.at(-1)
    if (kind === "acknowledged" && (last === undefined || last.to !== null))
      spans.push({ from: at, to: null })
    else if (kind === "unacknowledged" && last?.to === null) last.to = at
  }
  return spans
}

function joined(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const all: { from: number; to: number }[] = []
  for (const one of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last && one.from <= last.to) last.to = Math.max(last.to, one.to)
    else all.push({ ...one })
  }
  return all
}
