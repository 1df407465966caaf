import { describe, expect, it } from "vitest"
import { Evaluator, type GroupEvaluation, type Observation } from "#server/lag/index.ts"

const START = 1_700_000_000_000
const STEP = 10_000

interface Moment {
  end?: number
  start?: number
  committed?: number | null
  known?: boolean
  members?: number
  destination?: number
}

/** One group on one partition: 10 messages a second unless said otherwise. */
function at(i: number, moment: Moment): Observation {
  const id = moment.destination ?? 1
  const commits = moment.committed === null ? [] : [{ destinationId: id, offsets: [moment.committed ?? 0] }]
  const retention = { ms: 3_600_000, bytes: null, deletes: true, compacts: false }
  const ends = [moment.end ?? 1000 + i * 100]
  return {
    at: START + i * STEP,
    destinations: [{ id, name: "orders", starts: [moment.start ?? 0], ends, retention }],
    groups: [{ id: 7, name: "billing", members: moment.members ?? 1, known: moment.known ?? true, commits }],
  }
}

function run(evaluator: Evaluator, count: number, moment: (i: number) => Moment): GroupEvaluation {
  let last: GroupEvaluation | undefined
  for (let i = 0; i < count; i++) last = evaluator.observe(at(i, moment(i)))[0]
  if (!last) throw new Error("nothing was observed")
  return last
}

describe("the evaluator", () => {
  it("knows from the history of ends when the oldest unread message was written", () => {
    const { totals } = run(new Evaluator(), 20, () => ({ committed: 1500 }))
    // End passed 1500 at the 5th step; now is the 19th.
    expect(Math.abs((totals.timeLag ?? 0) - 14 * STEP)).toBeLessThan(STEP)
    expect(totals.lag).toBe(1000 + 19 * 100 - 1500)
    expect(totals.produceRate).toBeCloseTo(10)
  })

  it("asks for moments from before its history, once, and takes the answer", () => {
    const evaluator = new Evaluator()
    expect(run(evaluator, 3, () => ({ committed: 500 })).totals.timeLag).toBeNull()
    expect(evaluator.needed).toEqual([{ destinationId: 1, partition: 0, offset: 500 }])
    evaluator.learn({ destinationId: 1, partition: 0, offset: 500 }, { at: START - 60_000, source: "record" })
    const [evaluation] = evaluator.observe(at(3, { committed: 500 }))
    expect(evaluation?.totals.timeLag).toBe(60_000 + 3 * STEP)
    expect(evaluation?.byDestination[0]?.partitions[0]?.timeLagSource).toBe("record")
    evaluator.observe(at(4, { committed: 500 }))
    expect(evaluator.needed).toEqual([])
  })

  it("keeps 'since' while the status stays, and says when the last commit was", () => {
    const evaluator = new Evaluator()
    const stops = (i: number) => ({ committed: Math.min(1000 + i * 100, 1500), members: 0 })
    const { verdict } = run(evaluator, 15, stops)
    expect(verdict).toMatchObject({ rule: "2 losing" })
    const relaxed = new Evaluator({ horizonMs: 0, stallMs: 120_000, stopMs: 30_000 })
    expect(run(relaxed, 15, stops).verdict).toMatchObject({ rule: "5 stopped", since: START + 5 * STEP })
  })

  it("never counts deleted messages as waiting", () => {
    const { totals, verdict } = run(new Evaluator(), 5, () => ({ end: 1000, start: 600, committed: 450 }))
    expect(totals).toMatchObject({ lag: 400, lost: 150 })
    expect(verdict.sentence).toContain("has lost 150 messages")
  })

  it("takes what could not be read as unknown", () => {
    const evaluator = new Evaluator()
    run(evaluator, 5, (i) => ({ committed: 1000 + i * 100 }))
    const [evaluation] = evaluator.observe(at(5, { known: false, committed: null }))
    expect(evaluation?.verdict.rule).toBe("1 unknown")
  })

  it("has no lag for a group without commits, and does not say that all is read", () => {
    const { totals, verdict } = run(new Evaluator(), 5, () => ({ committed: null }))
    expect(totals.lag).toBeNull()
    expect(verdict.sentence).toBe("billing has no committed offsets.")
  })

  it("begins anew with another life of a topic", () => {
    const evaluator = new Evaluator()
    run(evaluator, 10, () => ({ committed: 1500 }))
    const [evaluation] = evaluator.observe(at(10, { destination: 2, end: 3, committed: 1 }))
    expect(evaluation?.totals).toMatchObject({ lag: 2, lost: 0 })
    expect(evaluation?.verdict.status).not.toBe("rewound")
  })
})
