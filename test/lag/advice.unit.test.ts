import { describe, expect, it } from "vitest"
import { type AdviceFacts, adviceFor } from "#server/lag/advice.ts"

const FACTS: AdviceFacts = {
  status: "losing",
  members: 0,
  partitions: 6,
  produceRate: 10,
  consumeRate: 4,
  destination: { name: "audit.events", retentionMs: 180_000 },
}

const RULES: [what: string, facts: Partial<AdviceFacts>, text: string | null, act: string | null][] = [
  [
    "loses, and has no members",
    {},
    "audit.events keeps messages for 3 minutes, and the group has no members: start a consumer, or raise retention.",
    "retention",
  ],
  [
    "loses without a known retention",
    { destination: { name: "audit.events", retentionMs: null } },
    "The group has no members: start a consumer, or raise retention.",
    "retention",
  ],
  [
    "loses because it is slow",
    { members: 2 },
    "audit.events keeps messages for 3 minutes, and messages are produced faster than the group consumes them: add consumers, or raise retention.",
    "retention",
  ],
  [
    "loses, but is catching up",
    { members: 2, consumeRate: 20 },
    "audit.events keeps messages for 3 minutes: raise retention until the group has caught up.",
    "retention",
  ],
  [
    "loses, and nothing else is known",
    { members: null, produceRate: null, destination: null },
    "Raise retention until the group has caught up.",
    null,
  ],
  [
    "is stopped, and has no members",
    { status: "stopped" },
    "The group has no members: start a consumer. It continues from the committed offsets.",
    null,
  ],
  [
    "is stopped, and has members",
    { status: "stopped", members: 1 },
    "Its members commit nothing: check that the consumers run, and that they commit.",
    "members",
  ],
  [
    "is stuck",
    { status: "stalled", members: 3 },
    "Look in the log of the partition's consumer for a message that fails again and again, or for a call that hangs.",
    "members",
  ],
  [
    "is beyond the end",
    { status: "invalid" },
    "Reset the offsets to a position that exists. Until then, its consumers follow auto.offset.reset.",
    "reset",
  ],
  [
    "is behind with room for more consumers",
    { status: "behind", members: 2 },
    "2 of at most 6 consumers are running: add consumers.",
    "members",
  ],
  [
    "is behind with a consumer for each partition",
    { status: "behind", members: 6 },
    "Every partition has a consumer: make processing faster, or add partitions.",
    "members",
  ],
  [
    "is behind, and its members are unknown",
    { status: "behind", members: null },
    "Add consumers, or make them faster.",
    "members",
  ],
  ["keeps up", { status: "ok" }, null, null],
  ["is idle", { status: "idle" }, null, null],
  ["was moved back", { status: "rewound" }, null, null],
  [
    "cannot be assessed",
    { status: "unknown" },
    "Check that the brokers are running: its coordinator, or the leaders of what it reads, do not answer.",
    "cluster",
  ],
]

describe("what to do about a group that", () => {
  it.each(RULES)("%s", (_, facts, text, act) => {
    const advice = adviceFor({ ...FACTS, ...facts })
    expect(advice?.text ?? null).toBe(text)
    expect(advice?.act ?? null).toBe(act)
  })
})
