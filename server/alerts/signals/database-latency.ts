import type { OwnSignal } from "./signal.ts"

export const databaseLatency: OwnSignal = {
  of: "signalbox",
  id: "database-latency",
  label: "Database latency",
  unit: "ms",
  subject: "signalbox",
  help: "How long Signalbox's database takes for a small query.",
  suggested: { op: ">", threshold: 1000 },
  sentence: "Signalbox's database takes {{ value }} for a small query.",
  read: async (round) => {
    const began = performance.now()
    await round.db.query("select count(*) from cluster_state", [])
    const series = round.series("signalbox", "", () => ({ labels: {} }))
    return [{ series, value: performance.now() - began }]
  },
}
