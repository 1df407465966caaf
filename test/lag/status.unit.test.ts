import { describe, expect, it } from "vitest"
import { type GroupFacts, judge, type PartitionFacts } from "#server/lag/status.ts"

const SAMPLES = 19
const at = Array.from({ length: SAMPLES }, (_, i) => i * 10_000)
const line = (from: number, step: number) => at.map((_, i) => from + i * step)

function partition(facts: Partial<PartitionFacts>): PartitionFacts {
  return {
    destination: "orders",
    partition: 0,
    at,
    lag: line(0, 0),
    committed: line(100, 10),
    lost: 0,
    lostIn: null,
    produceRate: 1,
    consumeRate: 1,
    ...facts,
  }
}

function group(facts: Partial<GroupFacts>): GroupFacts {
  return {
    known: true,
    members: 3,
    at,
    partitions: [partition({})],
    unknown: [],
    beyond: [],
    ...facts,
  }
}

const still = line(500, 0)
const unknown = { destination: "orders", partition: 1, why: null, lost: 0 }
const beyond = { destination: "orders", partition: 1, committed: 5000, end: 10 }

describe("the status of a group, by the first rule that fits", () => {
  it.each<[string, GroupFacts, string]>([
    ["its commits could not be read", group({ known: false }), "1 unknown"],
    ["there are only two samples", group({ at: at.slice(0, 2) }), "1 unknown"],
    ["messages were deleted unread", group({ partitions: [partition({ lost: 5 })] }), "2 losing"],
    [
      "messages will be deleted within the horizon",
      group({ partitions: [partition({ lostIn: 3_600_000 })] }),
      "2 losing",
    ],
    ["loss lies beyond the horizon", group({ partitions: [partition({ lostIn: 7 * 86_400_000 })] }), "9 ok"],
    [
      "a position went back",
      group({ partitions: [partition({ committed: [...line(500, 10).slice(0, -1), 7] })] }),
      "4 rewound",
    ],
    [
      "a position went back and came as far again",
      group({ partitions: [partition({ committed: [...line(500, 10).slice(0, -2), 7, 900] })] }),
      "9 ok",
    ],
    [
      "nobody is in it and messages wait",
      group({ members: 0, partitions: [partition({ committed: still, lag: line(50, 1) })] }),
      "5 stopped",
    ],
    [
      "it has members, but nothing of it moves",
      group({ partitions: [partition({ committed: still, lag: line(50, 1) })] }),
      "5 stopped",
    ],
    [
      "one position stands still while another moves",
      group({ partitions: [partition({}), partition({ partition: 3, committed: still, lag: line(50, 1) })] }),
      "6 stalled",
    ],
    [
      "positions move, yet the lag grows all the while",
      group({ partitions: [partition({ lag: line(1000, 100), produceRate: 20, consumeRate: 10 })] }),
      "7 behind",
    ],
    [
      "a burst that is being worked off",
      group({ partitions: [partition({ lag: line(9000, -400), produceRate: 5, consumeRate: 50 })] }),
      "9 ok",
    ],
    [
      "the lag of a busy group swings about what is in flight",
      group({
        partitions: [partition({ lag: at.map((_, i) => (i * 37) % 90), produceRate: 20, consumeRate: 19.9 })],
      }),
      "9 ok",
    ],
    [
      "all is read and nothing is written",
      group({ partitions: [partition({ committed: still, produceRate: 0 })] }),
      "8 idle",
    ],
    [
      "nobody is in it, all is read, nothing is written",
      group({ members: 0, partitions: [partition({ committed: still, produceRate: 0 })] }),
      "8 idle",
    ],
    [
      "a lag grows for a minute but is worth two seconds of producing",
      group({ partitions: [partition({ lag: line(20, 1.5), produceRate: 24, consumeRate: 23 })] }),
      "9 ok",
    ],
    [
      "a partition is unknown, and the others are caught up",
      group({ unknown: [unknown], partitions: [partition({ committed: still, produceRate: 0 })] }),
      "1 unknown",
    ],
    [
      "messages were deleted unread where the end of a partition is unknown",
      group({ unknown: [unknown, { ...unknown, partition: 2, lost: 7 }] }),
      "2 losing",
    ],
    ["a partition is unknown, and the others keep up", group({ unknown: [unknown] }), "1 unknown"],
    [
      "a partition is unknown, and another one is stuck",
      group({ unknown: [unknown], partitions: [partition({ committed: still, lag: line(50, 1) })] }),
      "6 stalled",
    ],
    [
      "a partition is unknown, and another one loses messages",
      group({ unknown: [unknown], partitions: [partition({ lost: 5 })] }),
      "2 losing",
    ],
    [
      "nobody is in it, and a partition is unknown",
      group({
        unknown: [unknown],
        members: 0,
        partitions: [partition({ committed: still, lag: line(50, 1) })],
      }),
      "5 stopped",
    ],
    [
      "a committed offset is beyond the end, and the others keep up",
      group({ beyond: [beyond], unknown: [unknown] }),
      "3 invalid",
    ],
    [
      "a committed offset is beyond the end of its only partition",
      group({ beyond: [beyond], unknown: [unknown], partitions: [], at: [] }),
      "3 invalid",
    ],
    [
      "the lag of a partition that was unknown for a while is not compared with what it was without it",
      group({
        partitions: [
          partition({ produceRate: 20, consumeRate: 10 }),
          partition({
            partition: 1,
            at: at.slice(9),
            lag: line(8000, 0).slice(9),
            committed: line(100, 10).slice(9),
            produceRate: 20,
            consumeRate: 10,
          }),
        ],
      }),
      "9 ok",
    ],
  ])("%s", (_, facts, rule) => {
    expect(judge(facts).rule).toBe(rule)
  })

  it("names the partition that is stuck", () => {
    const facts = group({
      partitions: [partition({}), partition({ partition: 3, committed: still, lag: line(50, 1) })],
    })
    expect(judge(facts).blame).toMatchObject({ destination: "orders", partition: 3 })
  })
})
