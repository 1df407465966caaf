/** What to do about a finding, by its kind. */
export const advice = {
  "node-down": "Start it again, or look in its log for why it stopped.",
  offline: "Start the brokers that hold its replicas: the last one in sync can lead again.",
  "under-min-isr":
    "Start the brokers that hold its replicas, or lower min.insync.replicas until they are back.",
  "under-replicated": "Check that every broker is running, and that its disk and network keep up.",
  "log-dir":
    "Replace a disk that failed; free or add space on a full one, or shorten the retention of large topics.",
  "leader-skew": "Run a preferred leader election: kafka-leader-election.sh --election-type preferred.",
} as const satisfies Readonly<Record<string, string>>
