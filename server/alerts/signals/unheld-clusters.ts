import type { OwnSignal } from "./signal.ts"

/** First key of the advisory locks by which collectors hold clusters (server/roles/collector/leases.ts). */
const LOCK_SPACE = 7245

export const unheldClusters: OwnSignal = {
  of: "signalbox",
  id: "unheld-clusters",
  label: "Clusters without a collector",
  unit: "count",
  subject: "signalbox",
  help: "Clusters that no collector holds the lease of, so that nobody samples them.",
  suggested: { op: ">", threshold: 0 },
  sentence: "{{ value }} clusters are held by no collector, so nobody samples them.",
  read: async (round) => {
    const { rows } = await round.db.query<{ unheld: string }>(
      `select count(*) as unheld from cluster c where not exists (
         select 1 from pg_locks l where l.locktype = 'advisory' and l.granted
           and l.classid = $1 and l.objid = c.id::oid and l.objsubid = 2)`,
      [LOCK_SPACE],
    )
    return [
      { series: round.series("signalbox", "", () => ({ labels: {} })), value: Number(rows[0]?.unheld ?? 0) },
    ]
  },
}
