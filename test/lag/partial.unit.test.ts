import { describe, expect, it } from "vitest"
import { Evaluator, type GroupEvaluation, type Observation, type OwnWrite } from "#server/lag/index.ts"
import type { Retention } from "#server/lag/model.ts"
import { groupLags } from "#server/sampling/group-lags.ts"

const START = 1_700_000_000_000
const STEP = 10_000
const FOREVER: Retention = { ms: null, bytes: null, deletes: true, compacts: false }

/** Offsets by partition; null: unknown, -1: no commit. */
interface Moment {
  ends: (number | null)[]
  starts?: (number | null)[]
  billing?: (number | null)[]
  shipping?: (number | null)[]
  known?: boolean
  members?: number
  writes?: OwnWrite[]
  stable?: ReadonlyMap<number, number>
  empty?: { partition: number; from: number; to: number }[]
}

/** Two groups that read the same topic. */
function observation(i: number, moment: Moment): Observation {
  const { ends, members = 1, writes = [] } = moment
  const starts = moment.starts ?? ends.map((end) => (end === null ? null : 0))
  const why = new Map([[1, "the partition has no leader"]])
  const { stable = new Map(), empty = [] } = moment
  const group = (id: number, name: string, offsets: (number | null)[] | undefined) => ({
    id,
    name,
    members,
    writes,
    known: moment.known ?? true,
    commits: offsets ? [{ destinationId: 1, offsets }] : [],
  })
  return {
    at: START + i * STEP,
    destinations: [{ id: 1, name: "orders", starts, ends, retention: FOREVER, why, stable, empty }],
    groups: [group(7, "billing", moment.billing), group(8, "shipping", moment.shipping)],
  }
}

function run(moments: Moment[], evaluator = new Evaluator()): [GroupEvaluation, GroupEvaluation] {
  let last: GroupEvaluation[] = []
  moments.forEach((moment, i) => {
    last = evaluator.observe(observation(i, moment))
  })
  const [billing, shipping] = last
  if (!billing || !shipping) throw new Error("two groups were observed")
  return [billing, shipping]
}

function repeat(count: number, of: (i: number) => Moment): Moment[] {
  return Array.from({ length: count }, (_, i) => of(i))
}

describe("a group of which a partition is unknown", () => {
  const whole = repeat(8, (i) => ({
    ends: [1000 + i * 10, 9000 + i * 10],
    billing: [990 + i * 10, 1000 + i * 10],
    shipping: [1000 + i * 10, 9000 + i * 10],
  }))
  const leaderAway = (i: number): Moment => ({
    ends: [1000 + i * 10, null],
    billing: [990 + i * 10, 1080],
    shipping: [1000 + i * 10, 9080],
  })

  it("never shows what is known of its lag as the whole", () => {
    expect(run(whole)[0].totals).toMatchObject({ lag: 8010, unknownPartitions: 0, partitionCount: 2 })
    const [billing] = run([...whole, leaderAway(8)])
    expect(billing.totals).toMatchObject({ lag: 10, unknownPartitions: 1, partitionCount: 2 })
    expect(billing.totals.caughtUpIn).toBeNull()
    expect(billing.verdict.status).toBe("unknown")
    expect(billing.verdict.sentence).toBe(
      "billing cannot be assessed in full; at least 10 unread messages; partition 1 of orders is unknown (the partition has no leader).",
    )
  })

  it("is not caught up, idle or at zero lag because of it", () => {
    const [, shipping] = run([...whole, leaderAway(8)])
    expect(shipping.totals).toMatchObject({ lag: null, timeLag: null, lost: null, caughtUpIn: null })
    expect(shipping.verdict.status).toBe("unknown")
  })

  it("has no sample for Prometheus, so that no alert resolves", () => {
    const inventory = {
      destinations: new Map([["orders", { id: 1, name: "orders", uid: "", internal: false, partitions: 2 }]]),
      groups: new Map(
        ["billing", "shipping"].map((name, i) => [
          name,
          { id: 7 + i, name, type: "classic", state: "stable" },
        ]),
      ),
      missing: new Map<string, number>(),
    }
    const before = groupLags(run(whole), inventory).map((one) => [one.group, one.lag])
    expect(before).toEqual([
      ["billing", 8010],
      ["shipping", 0],
    ])
    const during = groupLags(run([...whole, leaderAway(8)]), inventory).map((one) => [one.group, one.lag])
    expect(during).toEqual([
      ["billing", null],
      ["shipping", null],
    ])
  })

  it("goes on as it was once all is known again", () => {
    const back = (i: number) => ({ ...leaderAway(i), ends: [1000 + i * 10, 9000 + i * 10] })
    const [billing] = run([...whole, leaderAway(8), leaderAway(9), back(10)])
    expect(billing.totals).toMatchObject({ lag: 10 + 9100 - 1080, unknownPartitions: 0 })
  })

  it("keeps 'since' over a moment of unknown", () => {
    const stopped = (i: number, ends: (number | null)[]): Moment => ({
      ends,
      members: 0,
      billing: [500, 500],
      shipping: [500 + i, 500],
    })
    const evaluator = new Evaluator()
    const before = run(
      repeat(12, (i) => stopped(i, [1000, 1000])),
      evaluator,
    )[0].verdict
    expect(before.status).toBe("stopped")
    evaluator.observe(observation(12, { ends: [1000, 1000], members: 0, known: false }))
    const [billing] = evaluator.observe(observation(13, stopped(13, [1000, 1000])))
    expect(billing?.verdict).toMatchObject({ status: "stopped", since: before.since })
  })

  it("whose commits could not be read has unknown partitions, and not those of the sweep before", () => {
    const evaluator = new Evaluator()
    run(whole, evaluator)
    const [billing] = evaluator.observe(observation(8, { ends: [5000, 50_000], known: false }))
    expect(billing?.totals).toMatchObject({ lag: null, unknownPartitions: 2, partitionCount: 2 })
    expect(billing?.verdict.status).toBe("unknown")
  })

  it("counts partitions without a commit apart: they are not unknown", () => {
    const [billing] = run(repeat(4, () => ({ ends: [10, 20], billing: [4, -1], shipping: [1, 1] })))
    expect(billing.totals).toMatchObject({ lag: 6, unknownPartitions: 0, partitionCount: 1 })
    expect(billing.noCommit).toEqual({ partitions: 1, messages: 20 })
    const [unknown] = run(repeat(4, () => ({ ends: [10, null], billing: [4, -1], shipping: [1, 1] })))
    expect(unknown.noCommit).toEqual({ partitions: 1, messages: null })
  })
})

describe("rates of topics and groups", () => {
  it("are the same number for a topic and for whoever reads all of it, and know of unknown intervals", () => {
    const evaluator = new Evaluator()
    const moments = repeat(7, (i) => ({
      ends: [i * 100, i === 3 ? null : 500_000 + i * 50],
      billing: [i * 80, 500_000],
      shipping: [i * 100, -1],
    }))
    const [billing, shipping] = run(moments, evaluator)
    expect(evaluator.produced(1)).toEqual({ perSecond: 15, partial: false })
    expect(billing.totals).toMatchObject({ produceRate: 15, consumeRate: 8, ratesPartial: false })
    // It has committed on the first partition only: what is produced to the other is no work of its.
    expect(shipping.totals).toMatchObject({ produceRate: 10, consumeRate: 10 })
  })

  it("are lower bounds while a partition is unknown", () => {
    const evaluator = new Evaluator()
    const [billing] = run(
      repeat(9, (i) => ({ ends: [i * 100, null], billing: [i * 80, 5], shipping: [0, 0] })),
      evaluator,
    )
    expect(evaluator.produced(1)).toEqual({ perSecond: 10, partial: true })
    expect(billing.totals).toMatchObject({ produceRate: 10, ratesPartial: true })
  })
})

describe("a committed offset beyond the end", () => {
  const max = Number(2n ** 63n - 1n)

  it("is said, and is neither idle nor a lag of zero", () => {
    const [billing, shipping] = run(
      repeat(6, () => ({ ends: [10, 10], billing: [5000, 10], shipping: [max, 10] })),
    )
    expect(billing.verdict).toMatchObject({ status: "invalid", rule: "3 invalid" })
    expect(billing.verdict.sentence).toContain("committed offset 5,000 on partition 0 of orders")
    expect(billing.verdict.sentence).toContain("beyond the end of the log (10)")
    expect(billing.totals).toMatchObject({ lag: null, unknownPartitions: 1 })
    expect(shipping.verdict.status).toBe("invalid")
  })

  it("is not taken for one right after a leader has moved", () => {
    const [billing] = run([
      ...repeat(6, () => ({ ends: [10, 10], billing: [10, 10], shipping: [10, 10] })),
      { ends: [9, 10], billing: [10, 10], shipping: [10, 10] },
    ])
    expect(billing.verdict.status).toBe("unknown")
    expect(billing.verdict.sentence).toContain("its committed offset is beyond the end of the log")
  })

  it("after a truncation gives no negative rate", () => {
    const [billing] = run(
      repeat(7, (i) => ({
        ends: [i < 4 ? 1000 + i * 100 : 200 + i * 100, 10],
        billing: [i < 4 ? 1000 + i * 100 : 200 + i * 100, 10],
        shipping: [1, 1],
      })),
    )
    expect(billing.totals).toMatchObject({ produceRate: 10, consumeRate: 10, lag: 0 })
  })
})

describe("what Signalbox or a tool wrote to a group without members", () => {
  const write = (i: number, partition: number, [from, offset]: [number, number]): OwnWrite => ({
    destinationId: 1,
    partition,
    from,
    offset,
    at: START + i * STEP - 2000,
  })
  const calm = (billing: number[], writes: OwnWrite[] = []): Moment => ({
    ends: [1000, 1000],
    members: 0,
    billing,
    shipping: [1000, 1000],
    writes,
  })

  it("a reset and its undo are neither progress, nor a rewind, nor consumption, and 'since' goes on", () => {
    const evaluator = new Evaluator()
    const stopped = run(
      repeat(10, () => calm([500, 400])),
      evaluator,
    )[0].verdict
    expect(stopped.status).toBe("stopped")
    const writes = [
      write(10, 0, [500, 0]),
      write(10, 1, [400, 900]),
      write(13, 0, [0, 500]),
      write(13, 1, [900, 400]),
    ]
    const rest = [
      ...repeat(3, () => calm([0, 900], writes.slice(0, 2))),
      ...repeat(4, () => calm([500, 400], writes)),
    ]
    for (const [i, moment] of rest.entries()) {
      const [billing] = evaluator.observe(observation(10 + i, moment))
      expect(billing?.verdict).toMatchObject({ status: "stopped", since: stopped.since })
      expect(billing?.totals.consumeRate).toBe(0)
    }
  })

  it("a group that goes on within the same interval consumed what it read, not what was skipped", () => {
    const writes = [write(2, 0, [500, 900]), write(2, 1, [400, 100])]
    const moments = [
      [500, 400],
      [500, 400],
      [930, 120],
      [930, 120],
    ].map((one) => calm(one, writes))
    const [billing] = run(moments.map((moment) => ({ ...moment, members: 2 })))
    expect(billing.totals.consumeRate).toBeCloseTo((30 + 20) / ((3 * STEP) / 1000))
  })

  it("a reset by another tool is no consumption either", () => {
    const [billing] = run([...repeat(10, () => calm([500, 400])), ...repeat(2, () => calm([100, 900]))])
    expect(billing.verdict.status).toBe("stopped")
    expect(billing.totals.consumeRate).toBe(0)
  })

  it("a consumer that uses assign(), and so shows no member, consumes", () => {
    const [billing] = run(repeat(10, (i) => calm([500 + i * 10, 1000])))
    expect(billing.totals.consumeRate).toBe(1)
    expect(billing.verdict.status).toBe("ok")
  })

  it("going back while it has members is a rewind", () => {
    const moments = [...repeat(10, () => calm([500, 400])), calm([100, 400])]
    const [billing] = run(moments.map((moment) => ({ ...moment, members: 2 })))
    expect(billing.verdict.status).toBe("rewound")
  })
})

describe("offsets that hold no message", () => {
  it("transaction markers are read, whoever stands in front of them", () => {
    const empty = [{ partition: 0, from: 10, to: 11 }]
    const moments = repeat(20, () => ({ ends: [11, 0], billing: [10, 0], shipping: [9, 0], empty }))
    const [billing, shipping] = run(moments)
    expect(billing.totals.lag).toBe(0)
    expect(billing.verdict.status).toBe("idle")
    expect(shipping.totals.lag).toBe(2)
    expect(shipping.verdict.status).toBe("stopped")
  })

  it("what an open transaction holds back is said, and does not wait for who has read all before it", () => {
    const stable = new Map([[0, 10]])
    const moments = repeat(20, () => ({ ends: [27, 0], billing: [10, 0], shipping: [4, 0], stable }))
    const [billing, shipping] = run(moments)
    expect(billing.totals.lag).toBe(0)
    expect(billing.verdict.sentence).toContain(
      "an open transaction on partition 0 of orders holds back 17 offsets",
    )
    expect(shipping.totals.lag).toBe(23)
    expect(shipping.verdict).toMatchObject({ status: "stopped" })
    expect(shipping.byDestination[0]?.partitions[0]?.held).toBe(17)
  })
})
