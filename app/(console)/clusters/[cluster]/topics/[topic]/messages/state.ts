"use client"

import { useQueryStates } from "nuqs"
import { withBasePath } from "#app/base-path.ts"
import { FORMATS, type Format } from "#server/messages/decode/format.ts"
import { parseMoment } from "#server/moment.ts"
import { messageParams } from "./search-params.ts"

export interface Place {
  cluster: string
  destination: string
}

/** The state of the tab, from its address. */
export function useMessageState() {
  return useQueryStates(messageParams, { history: "push" })
}

type State = ReturnType<typeof useMessageState>[0]

export function partitionsOf(state: Pick<State, "parts">): number[] {
  return state.parts
    .split(/[\s,]+/)
    .filter((part) => /^\d+$/.test(part))
    .map(Number)
}

export function formatsOf(state: Pick<State, "kf" | "vf">): { key?: Format; value?: Format } {
  const known = (given: string) => FORMATS.find((format) => format === given)
  const [key, value] = [known(state.kf), known(state.vf)]
  return { ...(key ? { key } : {}), ...(value ? { value } : {}) }
}

export type Start =
  | { at: "newest" | "oldest" }
  | { at: "offset"; offset: string }
  | { at: "time"; time: number }
  | { at: "group"; group: string }

/** Where reading begins; null: the page must be told more first. */
export function startOf(state: Pick<State, "start" | "at">): Start | null {
  switch (state.start) {
    case "newest":
    case "oldest":
      return { at: state.start }
    case "offset":
      return /^\d{1,19}$/.test(state.at) ? { at: "offset", offset: state.at } : null
    case "time": {
      const time = parseMoment(state.at)
      return time === null ? null : { at: "time", time }
    }
    case "group":
      return state.at === "" ? null : { at: "group", group: state.at }
    case "live":
      return null
  }
}

/** The question of a search, from the same state. Live and newest have no range of their own: all of it is searched. */
export function questionOf(state: State) {
  const start = startOf(state)
  const from = start === null || start.at === "newest" ? ({ at: "oldest" } as const) : start
  return {
    match: { kind: state.find, text: state.q },
    from,
    to: parseMoment(state.until),
    partitions: partitionsOf(state),
    formats: formatsOf(state),
  }
}

export function readPosition(given: string | null): { partition: number; offset: string } | null {
  const found = given === null ? null : /^(\d{1,9})\/(\d{1,19})$/.exec(given)
  return found ? { partition: Number(found[1]), offset: found[2] ?? "" } : null
}

/** The address of a file of messages. */
export function filePath(
  place: Place,
  ask: { format?: "jsonl" | "csv"; of: object; value?: boolean },
): string {
  const { value, ...rest } = ask
  const query = new URLSearchParams({ ask: JSON.stringify({ ...place, ...rest }) })
  if (value) query.set("value", "")
  return withBasePath(`/api/messages?${query}`)
}
