/** What lag says of a consumer group, ordered from least to most bad. */
export const GROUP_STATUSES = [
  "ok",
  "idle",
  "unknown",
  "behind",
  "rewound",
  "stalled",
  "stopped",
  "losing",
] as const
export type GroupStatus = (typeof GROUP_STATUSES)[number]
