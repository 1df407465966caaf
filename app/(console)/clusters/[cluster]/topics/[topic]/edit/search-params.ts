import { parseAsJson, parseAsString } from "nuqs/server"
import { z } from "zod"

/** New values by the setting's name; null: back to the default. */
const changes = z.record(z.string(), z.string().nullable())
export type Changes = z.output<typeof changes>

/** What is to be changed is in the address: a colleague who opens it sees the same. */
export const editParams = {
  set: parseAsJson(changes).withDefault({}),
  /** Filter of the settings. */
  key: parseAsString.withDefault(""),
}
