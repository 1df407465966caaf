import type { ClusterSignal, Round } from "./signal.ts"

export const failedJobs: ClusterSignal = {
  of: "cluster",
  id: "failed-jobs",
  label: "Failed replays and searches",
  unit: "count",
  subject: "cluster",
  help: "Replays and searches of a cluster that failed within the last hour.",
  suggested: { op: ">", threshold: 0 },
  sentence: "{{ value }} replays and searches on {{ cluster }} failed within the last hour.",
  read: async (round) => [{ series: clusterSeries(round), value: await count(round) }],
}

async function count(round: Round): Promise<number> {
  const failed = (table: string) => `select count(*) from ${table} where cluster_id = $1 and state = 'failed'
    and finished_at > $2::timestamptz - interval '1 hour'`
  const {
    rows: [row],
  } = await round.db.query<{ failed: string }>(
    `select (${failed("replay_job")}) + (${failed("search_job")}) as failed`,
    [round.cluster.id, new Date(round.at).toISOString()],
  )
  return Number(row?.failed ?? 0)
}

function clusterSeries(round: Round) {
  return round.series("cluster", String(round.cluster.id), () => ({ labels: {} }))
}
