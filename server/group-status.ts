/** What lag says of a consumer group, ordered from least to most bad. */
export const GROUP_STATUSES = [
  "ok",
  "idle",
  "unknown",
  "behind",
  "rewound",
  "invalid",
  "stalled",
  "stopped",
  "losing",
] as const
export type GroupStatus = (typeof GROUP_STATUSES)[number]

/** A backlog whose oldest message is older than this is worth a word, ms. */
export const BACKLOG_MS = 30_000
