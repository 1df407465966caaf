import type { Scope, Strategy } from "#server/offsets/index.ts"
import type { Target } from "./search-params.ts"

export interface Asked {
  to: Target
  at: string | null
  offset: number | null
  by: number | null
  back: number
  other: string
  snapshot: string | null
  csv: string
}

/** The strategy that the form says; a string: what is missing. */
export function strategyOf(asked: Asked): Strategy | string {
  switch (asked.to) {
    case "earliest":
    case "latest":
    case "forget":
      return { kind: asked.to }
    case "time": {
      const at = Date.parse(asked.at ?? "")
      return Number.isNaN(at) ? "Choose a date and a time." : { kind: "time", at }
    }
    case "offset":
      return asked.offset === null || asked.offset < 0
        ? "Give an offset, 0 or more."
        : { kind: "offset", offset: asked.offset }
    case "shift":
      return asked.by ? { kind: "shift", by: asked.by } : "Give a number of messages; below zero goes back."
    case "back":
      return asked.back > 0 ? { kind: "back", ms: asked.back } : "Give a duration."
    case "group":
      return asked.other.trim() ? { kind: "group", group: asked.other.trim() } : "Name the other group."
    case "snapshot":
      return asked.snapshot ? { kind: "snapshot", snapshot: asked.snapshot } : "Choose a snapshot."
    case "csv":
      return asked.csv.trim() ? { kind: "csv", text: asked.csv } : "Choose a file, or paste its lines."
  }
}

const RANGE = /^(\d{1,6})(?:-(\d{1,6}))?$/

/** "orders:0,3-5" as a scope; a string: what cannot be read. No topic: all that the group reads. */
export function scopeOf(topics: readonly string[]): Scope | string {
  if (topics.length === 0) return null
  const scope = []
  for (const text of topics) {
    const [destination = "", list = ""] = text.split(":")
    const partitions = new Set<number>()
    for (const part of list.split(",").map((one) => one.trim())) {
      if (part === "") continue
      const [, first, last] = RANGE.exec(part) ?? []
      if (first === undefined) return `"${part}" is no partition: write 0, 3-5.`
      for (let index = Number(first); index <= Number(last ?? first); index++) partitions.add(index)
    }
    scope.push(partitions.size > 0 ? { destination, partitions: [...partitions] } : { destination })
  }
  return scope
}

/** ISO 8601 in UTC as a date-time field wants it, in the viewer's zone. */
export function toLocal(iso: string | null): string {
  const at = Date.parse(iso ?? "")
  if (Number.isNaN(at)) return ""
  const zoned = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return zoned.toISOString().slice(0, 19)
}

/** The other way round; null: it is no moment. */
export function fromLocal(local: string): string | null {
  const at = new Date(local).getTime()
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
