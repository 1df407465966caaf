import { parseAsJson, parseAsString } from "nuqs/server"

/** New values by the setting's name; null: back to the default. */
export type Changes = Record<string, string | null>

/** What is to be changed is in the address: a colleague who opens it sees the same. */
export const editParams = {
  set: parseAsJson(toChanges).withDefault({}),
  /** Filter of the settings. */
  key: parseAsString.withDefault(""),
}

/** By hand, so that the page does not load a library for it. null: it is something else. */
function toChanges(value: unknown): Changes | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value)
  return entries.every(([, one]) => one === null || typeof one === "string")
    ? Object.fromEntries(entries)
    : null
}
