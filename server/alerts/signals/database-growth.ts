import type { OwnSignal } from "./signal.ts"

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Over less than this, growth is chance. */
const MIN_SPAN_MS = 900_000

export const databaseGrowth: OwnSignal = {
  of: "signalbox",
  id: "database-growth",
  label: "Database growth",
  unit: "bytes",
  subject: "signalbox",
  help: "Bytes that Signalbox's database grows by in a day, at the rate of the last hour.",
  suggested: { op: ">", threshold: 10_000_000_000 },
  sentence: "Signalbox's database grows by {{ value }} a day.",
  read: async (round) => {
    const { rows } = await round.db.query<{ bytes: string }>(
      "select pg_database_size(current_database()) as bytes",
      [],
    )
    const series = round.series("signalbox", "", () => ({ labels: {} }))
    const sizes = round.memory("database-growth", (): { at: number; bytes: number }[] => [])
    sizes.push({ at: round.at, bytes: Number(rows[0]?.bytes ?? 0) })
    while ((sizes[1]?.at ?? round.at) <= round.at - HOUR_MS) sizes.shift()
    const [first, last] = [sizes[0], sizes.at(-1)]
    if (!first || !last || last.at - first.at < MIN_SPAN_MS) return [{ series, value: null }]
    return [{ series, value: ((last.bytes - first.bytes) / (last.at - first.at)) * DAY_MS }]
  },
}
