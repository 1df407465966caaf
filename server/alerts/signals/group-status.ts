import { GROUP_STATUSES } from "#server/group-status.ts"
import { readAllStatuses } from "#server/store/index.ts"
import { readGroups } from "./groups.ts"
import type { ClusterSignal, HistorySpan, Reading, Round, SeriesHistory } from "./signal.ts"

export const groupStatus: ClusterSignal = {
  of: "cluster",
  id: "group-status",
  label: "Group status",
  unit: "word",
  subject: "group",
  help: "What Signalbox says of a consumer group: ok, behind, stalled, stopped, losing and so on.",
  words: GROUP_STATUSES,
  drawnAs: "lag",
  suggested: { op: "in", values: ["stopped", "stalled", "losing"] },
  sentence: "{{ sentence }}",
  read,
  readChanges,
}

async function read(round: Round): Promise<Reading[]> {
  const groups = await readGroups(round)
  // What cannot be judged has no status; "unknown" is one for pages, not a value to decide by.
  return groups.map(({ series, status, sentence }) => ({
    series,
    value: status === "unknown" ? null : status,
    facts: { sentence },
  }))
}

async function readChanges({ store, cluster, from, to }: HistorySpan): Promise<SeriesHistory[]> {
  const all = await readAllStatuses(store, { clusterId: cluster.id, from, to })
  return all.map(({ groupId, name, at, statuses }) => ({
    series: { key: String(groupId), labels: { group: name } },
    at,
    values: statuses.map((status) => (status === "unknown" ? null : status)),
  }))
}
