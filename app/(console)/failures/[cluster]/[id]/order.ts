import type { LetterView } from "#server/failures/index.ts"
import type { Filter } from "./search-params.ts"

export type Which = "one" | "chosen" | "shown" | "all"

/** What is picked in the list: those that are ticked, and those that its filters show. */
export interface Picked {
  chosen: string[]
  filter: Filter
  /** How many the filters show. */
  listed: number
}

/** What the form holds. Everything is text, as it is typed. */
export interface Draft {
  /** The value as it was edited; null: not touched. */
  value: string | null
  /** Null: not touched. */
  key: string | null
  /** Lines of `name: value`. */
  set: string
  /** Names, one a line. */
  remove: string
  target: string
  rate: string
  share: string
}

export const FRESH: Draft = {
  value: null,
  key: null,
  set: "",
  remove: "",
  target: "",
  rate: "50",
  share: "10",
}

/** Which dead letters are meant. */
export function choiceOf(which: Which, view: LetterView, picked: Picked) {
  switch (which) {
    case "one":
      return { letters: [view.row.id], replayed: "any" as const }
    case "chosen":
      return { letters: picked.chosen, replayed: "any" as const }
    case "shown":
      return picked.filter
    case "all":
      return { replayed: "no" as const }
  }
}

/** Whether anything of a message is changed before it is sent. */
export function isEdited({ value, key, set, remove }: Draft): boolean {
  return value !== null || key !== null || set.trim() !== "" || remove.trim() !== ""
}

/** Headers as the form has them. Throws an Error that says which line is wrong. */
export function headersOf(draft: Draft): { set: { key: string; value: string }[]; remove: string[] } {
  const set = lines(draft.set).map((line) => {
    const colon = line.indexOf(":")
    if (colon < 1) throw new Error(`Write each header as name: value; “${line}” has no colon.`)
    return { key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }
  })
  return { set, remove: lines(draft.remove) }
}

/** A number that was typed, or null for an empty field. Throws an Error that says the rule. */
export function numberOf(text: string): number | null {
  const problem = numberProblem(text)
  if (problem !== null) throw new Error(problem)
  return text.trim() === "" ? null : Number(text)
}

/** Why a text is no number, as a rule; null: it is one, or empty. */
export function numberProblem(text: string): string | null {
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? null : "Enter a number, 0 or more, or leave it empty."
}

/** Why lines cannot be headers, as a rule; null: they can. */
export function headersProblem(draft: Draft): string | null {
  try {
    headersOf(draft)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
}
