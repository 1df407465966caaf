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
    ...facts,
  }
}

function group(facts: Partial<GroupFacts>): GroupFacts {
  return {
    known: true,
    members: 3,
    at,
    partitions: [partition({})],
    produceRate: 1,
    consumeRate: 1,
    ...facts,
  }
}

const still = line(500, 0)

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
    ["loss lies beyond the horizon", group({ partitions: [partition({ lostIn: 7 * 86_400_000 })] }), "8 ok"],
    [
      "a position went back",
      group({ partitions: [partition({ committed: [...line(500, 10).slice(0, -1), 7] })] }),
      "3 rewound",
    ],
    [
      "a position went back and came as far again",
      group({ partitions: [partition({ committed: [...line(500, 10).slice(0, -2), 7, 900] })] }),
      "8 ok",
    ],
    [
      "nobody is in it and messages wait",
      group({ members: 0, partitions: [partition({ committed: still, lag: line(50, 1) })] }),
      "4 stopped",
    ],
    [
      "it has members, but nothing of it moves",
      group({ partitions: [partition({ committed: still, lag: line(50, 1) })] }),
      "4 stopped",
    ],
    [
      "one position stands still while another moves",
      group({ partitions: [partition({}), partition({ partition: 3, committed: still, lag: line(50, 1) })] }),
      "5 stalled",
    ],
    [
      "positions move, yet the lag grows all the while",
      group({ produceRate: 20, consumeRate: 10, partitions: [partition({ lag: line(1000, 100) })] }),
      "6 behind",
    ],
    [
      "a burst that is being worked off",
      group({ produceRate: 5, consumeRate: 50, partitions: [partition({ lag: line(9000, -400) })] }),
      "8 ok",
    ],
    [
      "the lag of a busy group swings about what is in flight",
      group({
        produceRate: 20,
        consumeRate: 19.9,
        partitions: [partition({ lag: at.map((_, i) => (i * 37) % 90) })],
      }),
      "8 ok",
    ],
    [
      "all is read and nothing is written",
      group({ produceRate: 0, partitions: [partition({ committed: still })] }),
      "7 idle",
    ],
    [
      "nobody is in it, all is read, nothing is written",
      group({ members: 0, produceRate: 0, partitions: [partition({ committed: still })] }),
      "7 idle",
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
