import { parseMoment } from "#server/moment.ts"
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
      const at = parseMoment(asked.at)
      return at === null ? "Choose a date and a time." : { kind: "time", at }
    }
    case "offset":
      return asked.offset === null || asked.offset < 0
        ? "Enter an offset, 0 or more."
        : { kind: "offset", offset: asked.offset }
    case "shift":
      return asked.by ? { kind: "shift", by: asked.by } : "Enter a number of messages; below zero goes back."
    case "back":
      return asked.back > 0 ? { kind: "back", ms: asked.back } : "Enter a duration."
    case "group":
      // As it was typed: a name may begin or end with a space.
      return asked.other === "" ? "Enter the name of the other group." : { kind: "group", group: asked.other }
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
