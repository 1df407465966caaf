import type { OwnSignal } from "./signal.ts"

export const notSampled: OwnSignal = {
  of: "signalbox",
  id: "not-sampled",
  label: "Time since the last sample",
  unit: "ms",
  subject: "cluster",
  help: "How long ago the last complete sample of a cluster was stored.",
  suggested: { op: ">", threshold: 60_000 },
  sentence: "{{ cluster }} was last sampled {{ value }} ago{% if error %}: {{ error }}{% endif %}",
  read: async (round) => {
    const { rows } = await round.db.query<{
      id: number
      slug: string
      name: string
      system: string
      environment: string | null
      since: string
      error: string | null
    }>(
      `select c.id, c.slug, c.name, c.system, c.environment, s.error,
         greatest(0, extract(epoch from to_timestamp($1::float8 / 1000) - coalesce(s.sampled_at, c.created_at)) * 1000) as since
       from cluster c left join cluster_state s on s.cluster_id = c.id`,
      [round.at],
    )
    return rows.map(({ id, slug, system, environment, since, error }) => ({
      series: round.series("cluster", { key: String(id), version: environment ?? "" }, () => ({
        clusterId: id,
        labels: { cluster: slug, system, ...(environment === null ? {} : { environment }) },
      })),
      value: Number(since),
      ...(error === null ? {} : { facts: { error } }),
    }))
  },
}
