import type { Draft, Problem, Signal } from "../draft.ts"

/** What each part of the form is given. */
export interface Fields {
  draft: Draft
  signal: Signal | undefined
  problems: readonly Problem[]
  set: (part: Partial<Draft>) => void
}

/** What is wrong with a field, in one text; null: nothing. */
export function problemOf(problems: readonly Problem[], field: string): string | null {
  const said = problems.filter((one) => one.field === field || one.field.startsWith(`${field}.`))
  return said.length === 0 ? null : said.map((one) => one.message).join(" ")
}
