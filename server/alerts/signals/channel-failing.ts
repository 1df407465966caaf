import type { OwnSignal } from "./signal.ts"

export const channelFailing: OwnSignal = {
  of: "signalbox",
  id: "channel-failing",
  label: "Channel fails for",
  unit: "ms",
  subject: "channel",
  help: "How long a channel has delivered nothing that was sent through it; 0 while its last delivery worked.",
  suggested: { op: ">", threshold: 300_000 },
  sentence: "The channel {{ channel }} has delivered nothing for {{ value }}.",
  read: async (round) => {
    const { rows } = await round.db.query<{ id: string; name: string; failing_since: Date | null }>(
      "select id, name, failing_since from alert_channel where enabled order by id",
      [],
    )
    return rows.map(({ id, name, failing_since }) => ({
      series: round.series("channel", id, () => ({ labels: { channel: name } })),
      value: failing_since === null ? 0 : Math.max(0, round.at - failing_since.getTime()),
    }))
  },
}
