import { describe, expect, it } from "vitest"
import { type SentenceFacts, sentence } from "#server/lag/sentence.ts"

const MINUTE = 60_000
const never = Number.POSITIVE_INFINITY
const base: SentenceFacts = {
  group: "billing",
  status: "ok",
  lasted: 12 * MINUTE,
  lag: 4310,
  lost: 0,
  caughtUpIn: never,
  lostIn: never,
  timeLag: 12 * MINUTE,
  consumeRate: 3,
  blame: null,
  unknown: [],
  beyond: [],
  why: null,
  isUpTo: false,
  held: [],
}

const away = { destination: "orders", partition: 1, why: "the partition has no leader", lost: 0 }

describe("what a person would say of a group", () => {
  it.each<[Partial<SentenceFacts>, string]>([
    [{ status: "ok", lag: 3, timeLag: 200 }, "billing is keeping up."],
    [
      { status: "ok", lag: 4268, timeLag: 107_000, caughtUpIn: 2 * MINUTE },
      "billing is catching up; 4,268 unread messages; caught up in 2 minutes at the current rate.",
    ],
    [{ status: "idle", lag: 0 }, "billing is idle: fully caught up, no new messages."],
    [
      {
        status: "idle",
        lag: 0,
        held: [{ destination: "orders", partition: 2, offsets: 17 }],
      },
      "billing has consumed everything that is committed; an open transaction on partition 2 of orders holds back 17 offsets.",
    ],
    [
      { status: "unknown", lag: 10, unknown: [away] },
      "billing cannot be assessed in full; at least 10 unread messages; partition 1 of orders is unknown (the partition has no leader).",
    ],
    [
      { status: "unknown", lag: null, why: "its coordinator is not available" },
      "billing cannot be assessed: its committed offsets could not be read (its coordinator is not available).",
    ],
    [
      { status: "unknown", lag: 3 },
      "billing cannot be assessed yet: that takes three samples; 3 unread messages.",
    ],
    [
      { status: "stopped", lostIn: 180 * MINUTE },
      "billing has been stopped for 12 minutes; 4,310 unread messages; under the current retention the oldest is deleted in 3 h.",
    ],
    [{ status: "stopped", lag: 1 }, "billing has been stopped for 12 minutes; 1 unread message."],
    [
      { status: "stopped", isUpTo: true },
      "billing has been stopped for 12 minutes; up to 4,310 unread messages.",
    ],
    [
      { status: "stalled", blame: "partition 3 of parcels", caughtUpIn: null, unknown: [away, away] },
      "billing has been stuck on partition 3 of parcels for 12 minutes; at least 4,310 unread messages; partition 1 of orders and 1 other partition are unknown (the partition has no leader).",
    ],
    [
      { status: "losing", lost: 1 },
      "billing has lost 1 message that was deleted before it was consumed; 4,310 unread messages; will not catch up at the current rate.",
    ],
    [
      { status: "losing", lost: 5, lostIn: 0 },
      "billing has lost 5 messages that were deleted before they were consumed; 4,310 unread messages; messages are being lost to retention now.",
    ],
    [
      { status: "behind", caughtUpIn: 30 * MINUTE },
      "billing has been falling behind for 12 minutes; 4,310 unread messages; caught up in 30 minutes at the current rate.",
    ],
    [
      { status: "losing", consumeRate: 0, lostIn: 20 * MINUTE },
      "billing is about to lose messages; 4,310 unread messages; under the current retention the oldest is deleted in 20 minutes.",
    ],
    [
      { status: "behind", lostIn: 180 * MINUTE },
      "billing has been falling behind for 12 minutes; 4,310 unread messages; at the current rate messages are deleted unread in 3 h.",
    ],
    [
      { status: "rewound", blame: "partition 3 of parcels", caughtUpIn: null },
      "billing was moved back on partition 3 of parcels 12 minutes ago and is consuming again from there; 4,310 unread messages.",
    ],
    [
      {
        status: "invalid",
        lag: null,
        beyond: [{ destination: "orders", partition: 0, committed: 5000, end: 10 }],
      },
      "billing has committed offset 5,000 on partition 0 of orders, which is beyond the end of the log (10): the log was truncated, or the offset was set wrongly.",
    ],
    [
      {
        status: "invalid",
        lag: null,
        beyond: [{ destination: "orders", partition: 0, committed: Number(2n ** 63n - 1n), end: 10 }],
      },
      "billing has committed offset above 9,007,199,254,740,991 on partition 0 of orders, which is beyond the end of the log (10): the log was truncated, or the offset was set wrongly.",
    ],
  ])("%o", (facts, said) => {
    expect(sentence({ ...base, ...facts })).toBe(said)
  })
})
