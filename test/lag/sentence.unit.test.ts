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
}

describe("what a person would say of a group", () => {
  it.each<[Partial<SentenceFacts>, string]>([
    [{ status: "ok", lag: 3 }, "billing keeps up."],
    [{ status: "idle", lag: 0 }, "billing is idle: all is read, and nothing is written."],
    [
      { status: "stopped", lostIn: 180 * MINUTE },
      "billing has been stopped for 12 minutes; 4,310 messages wait; at today's retention the oldest is deleted in 3 h.",
    ],
    [
      { status: "stopped", lag: 1 },
      "billing has been stopped for 12 minutes; 1 message waits; at this rate it never catches up.",
    ],
    [
      { status: "stalled", blame: "partition 3 of parcels", caughtUpIn: null },
      "billing has been stuck on partition 3 of parcels for 12 minutes; 4,310 messages wait.",
    ],
    [
      { status: "losing", lost: 1 },
      "billing has lost 1 message that was deleted before it read it; 4,310 messages wait; at this rate it never catches up.",
    ],
    [
      { status: "behind", caughtUpIn: 30 * MINUTE },
      "billing has been falling behind for 12 minutes; 4,310 messages wait; caught up in 30 minutes at this rate.",
    ],
    [
      { status: "losing", consumeRate: 0, lostIn: 20 * MINUTE },
      "billing is about to lose messages; 4,310 messages wait; at today's retention the oldest is deleted in 20 minutes.",
    ],
    [
      { status: "behind", lostIn: 180 * MINUTE },
      "billing has been falling behind for 12 minutes; 4,310 messages wait; at this rate messages are deleted unread in 3 h.",
    ],
  ])("%o", (facts, said) => {
    expect(sentence({ ...base, ...facts })).toBe(said)
  })
})
