import { parseAsArrayOf, parseAsInteger, parseAsString } from "nuqs/server"

/** What is to be made, in the address. Null: as the cluster does by itself. */
export const newTopicParams = {
  name: parseAsString.withDefault(""),
  partitions: parseAsInteger,
  replicas: parseAsInteger,
  /** name=value, one a setting. */
  settings: parseAsArrayOf(parseAsString, "\n").withDefault([]),
}

/** "retention.ms=60000" in two; what has no value yet is not a setting yet. */
export function toConfigs(settings: readonly string[]): { name: string; value: string }[] {
  return settings.flatMap((line) => {
    const at = line.indexOf("=")
    const name = line.slice(0, at).trim()
    const value = line.slice(at + 1).trim()
    return at > 0 && name !== "" && value !== "" ? [{ name, value }] : []
  })
}
