import fc from "fast-check"

/** What is to happen on one cluster, in steps of its sampling interval. Small and flat, so that shrinking shows what matters. */
export interface Script {
  intervalMs: number
  /** Sweeps stand at multiples of the interval plus this. */
  offsetMs: number
  steps: number
  /** Steps without a sweep: the collector was away. */
  missed: number[]
  /** Steps at which the cluster could not be asked at all. */
  failing: number[]
  /** A new collector begins with the sweep of this step, from what is stored. */
  restarts: number[]
  /** A new collector begins with the sweep that the old one has just stored. */
  takeovers: number[]
  /** Nobody samples for this long after a step (outage, or a clock that was set forward); negative: set back. */
  jump: { step: number; ms: number } | null
  /** Whether messages can be read, so that the age of one can be read from the record. */
  readable: boolean
  cells: Cell[]
}

/** Some topics, the groups that read them, and what happens to them: one history. */
export interface Cell {
  topics: TopicScript[]
  groups: GroupScript[]
  events: Event[]
}

export interface TopicScript {
  /** Messages a step, by partition. */
  rates: number[]
  /** Retention: at most so many messages of a partition; null: all. */
  keep: number | null
  internal: boolean
}

export interface GroupScript {
  /** Indices of topics. */
  reads: number[]
  /** Messages of one partition that it reads in a step, at most. */
  speed: number
  from: "start" | "end"
  /** Partitions on which it never commits by itself. */
  without: number[]
}

export const EVENT_KINDS = [
  "leader away",
  "start unknown",
  "end unknown",
  "topic unreadable",
  "topic deleted",
  "topic recreated",
  "topic grows",
  "group unreadable",
  "group missing",
  "commit unreadable",
  "commit expired",
  "reset",
  "reset by Signalbox",
  "beyond the end",
  "truncated",
  "records deleted",
  "group stopped",
  "topic silent",
  "burst",
] as const

/** The amount is a share (percent) or a count, as the kind wants it. Indices wrap round. */
export interface Event {
  kind: (typeof EVENT_KINDS)[number]
  step: number
  /** How many steps it lasts. */
  lasts: number
  topic: number
  group: number
  partition: number
  amount: number
}

const MINUTE = 60_000

function some(steps: number, most: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.integer({ min: 1, max: steps - 1 }), { maxLength: most })
}

const topic: fc.Arbitrary<TopicScript> = fc.record({
  rates: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 }),
  keep: fc.option(fc.integer({ min: 1, max: 300 }), { freq: 3 }),
  internal: fc.oneof(
    { weight: 8, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
})

const group: fc.Arbitrary<GroupScript> = fc.record({
  reads: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
  speed: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 }), fc.constant(1000)),
  from: fc.constantFrom("start" as const, "end" as const),
  without: fc.oneof(
    { weight: 3, arbitrary: fc.constant([] as number[]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.nat(5), { maxLength: 2 }) },
  ),
})

const event = (steps: number): fc.Arbitrary<Event> =>
  fc.record({
    kind: fc.constantFrom(...EVENT_KINDS),
    step: fc.integer({ min: 1, max: steps - 1 }),
    lasts: fc.integer({ min: 1, max: 6 }),
    topic: fc.nat(2),
    group: fc.nat(3),
    partition: fc.nat(5),
    amount: fc.nat(99),
  })

const cell = (steps: number): fc.Arbitrary<Cell> =>
  fc.record({
    topics: fc.array(topic, { minLength: 1, maxLength: 3 }),
    groups: fc.array(group, { minLength: 1, maxLength: 4 }),
    events: fc.array(event(steps), { maxLength: 5 }),
  })

const jump = (steps: number): fc.Arbitrary<Script["jump"]> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    {
      weight: 3,
      arbitrary: fc.record({
        step: fc.integer({ min: 1, max: steps - 1 }),
        ms: fc.constantFrom(3 * MINUTE, 40 * MINUTE, 5 * 60 * MINUTE, 75 * 60 * MINUTE, -1 * MINUTE),
      }),
    },
  )

/** One cluster's script, with this many histories. */
export function script(cells: number): fc.Arbitrary<Script> {
  const shape = fc.constantFrom(
    { intervalMs: 10_000, steps: 15 },
    { intervalMs: 10_000, steps: 25 },
    // Long enough that what stands still is written again.
    { intervalMs: 10_000, steps: 50 },
    { intervalMs: MINUTE, steps: 25 },
  )
  return shape.chain(({ intervalMs, steps }) =>
    fc.record({
      intervalMs: fc.constant(intervalMs),
      offsetMs: fc.integer({ min: 1, max: 4999 }),
      steps: fc.constant(steps),
      missed: some(steps, 6),
      failing: some(steps, 2),
      restarts: some(steps, 2),
      takeovers: some(steps, 1),
      jump: jump(steps),
      readable: fc.boolean(),
      cells: fc.array(cell(steps), { minLength: cells, maxLength: cells }),
    }),
  )
}
