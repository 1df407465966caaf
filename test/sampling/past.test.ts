import { expect, inject, it } from "vitest"
import { getGroup, listPartitions, listPartitionsInput } from "#server/lag/queries/index.ts"
import { judge } from "#test/lag/chain/judge.ts"
import type { Script } from "#test/lag/chain/script.ts"
import { chainWorld } from "#test/lag/chain/world.ts"

const MINUTE = 60_000
const WHERE = { cluster: "cluster-0", group: "c0.group0" }

/** One group that reads a topic with one partition, to which 60 messages are written in each step. */
function scriptOf(parts: Partial<Script>, events: Script["cells"][number]["events"] = []): Script {
  return {
    ...{ intervalMs: 10_000, offsetMs: 1, steps: 10, missed: [], failing: [], restarts: [], takeovers: [] },
    ...{ jump: null, readable: false },
    cells: [
      {
        topics: [{ rates: [60], keep: null, internal: false }],
        groups: [{ reads: [0], speed: 60, from: "start", without: [] }],
        events,
      },
    ],
    ...parts,
  }
}

const on = { topic: 0, group: 0, partition: 0, amount: 0 }
const STOPPED = { ...on, kind: "group stopped" as const, step: 3, lasts: 30 }

it("counts what was consumed while a clock that was set back passed the same minute again", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const script = scriptOf({ intervalMs: MINUTE, steps: 5, jump: { step: 2, ms: -MINUTE } })
  expect(await judge(world, [script], false)).toEqual([])
  // Stored are 60, 120 and 240 committed messages, a minute apart; 180 were seen in the minute that passed twice.
  const { consumeRate } = await getGroup(world.ctx, WHERE)
  const { rows } = await listPartitions(world.ctx, listPartitionsInput.parse(WHERE))
  expect([consumeRate, rows[0]?.consumeRate]).toEqual([1.5, 1.5])
})

it("stores nothing at moments that were missed before the clock was set back", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const script = scriptOf({ steps: 16, missed: [4], jump: { step: 6, ms: -MINUTE } })
  const [played] = await world.play([script], false)
  const { rows } = await world.ctx.store.pool.query<{ at: Date }>("select at from series.sweep order by at")
  const begin = rows[0]?.at.getTime() ?? 0
  const seconds = rows.map(({ at }) => (at.getTime() - begin) / 1000)
  expect(seconds).toEqual([0, 10, 20, 30, 50, 60, 70, 80, 90])
  expect(played?.truth.frames).toHaveLength(seconds.length)
})

it("goes on at once where the clock was set back far, and says nothing of later moments", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const script = scriptOf({ steps: 24, jump: { step: 12, ms: -40 * MINUTE } }, [STOPPED])
  expect(await judge(world, [script], false)).toEqual([])
  const { sampledAt, verdict } = await getGroup(world.ctx, WHERE)
  expect(verdict.status).toBe("stopped")
  expect(verdict.since).toBeLessThanOrEqual(sampledAt ?? 0)
})

it("knows after a restart what a group that cannot be read had committed on, days before", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const unreadable = { ...on, kind: "group unreadable" as const, step: 10, lasts: 4 }
  const script = scriptOf({ steps: 12, restarts: [10], jump: { step: 9, ms: 75 * 60 * MINUTE } }, [
    unreadable,
  ])
  expect(await judge(world, [script], false)).toEqual([])
  const group = await getGroup(world.ctx, WHERE)
  expect(group).toMatchObject({ lag: null, lost: null, parts: { partitions: 1, unknown: 1 } })
  expect(group.byDestination.map((one) => one.destination)).toEqual(["c0.topic0"])
})

it("knows after a restart since when a group was stopped that could not be read meanwhile", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const unreadable = { ...on, kind: "group unreadable" as const, step: 12, lasts: 2 }
  const script = scriptOf({ intervalMs: MINUTE, steps: 15, restarts: [13] }, [STOPPED, unreadable])
  const [played] = await world.play([script], false)
  const verdicts = (played?.truth.verdicts ?? []).flatMap(({ groups }) => [...groups.values()])
  expect(verdicts.slice(-4).map((one) => one.status)).toEqual(["stopped", "unknown", "unknown", "stopped"])
  expect(verdicts.at(-1)?.since).toBe(verdicts.at(-4)?.since)
})

it("counts what a group consumed before it became empty, in lists, on its page and after a restart", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  // It begins at the end, reads the burst, and stops: of an empty group a single move forward would be a reset.
  const quiet = { ...on, kind: "topic silent" as const, step: 1, lasts: 30 }
  const burst = { ...on, kind: "burst" as const, step: 3, lasts: 1, amount: 12 }
  const script = scriptOf({ steps: 7, restarts: [6] }, [quiet, burst, { ...STOPPED, step: 4 }])
  const fromTheEnd = script.cells.map((cell) => ({
    ...cell,
    groups: cell.groups.map((group) => ({ ...group, from: "end" as const })),
  }))
  expect(await judge(world, [{ ...script, cells: fromTheEnd }], false)).toEqual([])
  const { consumeRate } = await getGroup(world.ctx, WHERE)
  const { rows } = await listPartitions(world.ctx, listPartitionsInput.parse(WHERE))
  expect([consumeRate, rows[0]?.consumeRate]).toEqual([1, 1])
})

it("claims nothing of a group that was deleted, is back and cannot be read", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const missing = { ...on, kind: "group missing" as const, step: 5, lasts: 4 }
  const unreadable = { ...on, kind: "group unreadable" as const, step: 9, lasts: 4 }
  expect(await judge(world, [scriptOf({ steps: 11 }, [missing, unreadable])], true)).toEqual([])
  const group = await getGroup(world.ctx, WHERE)
  expect(group).toMatchObject({ lag: null, lost: null, verdict: { status: "unknown" }, byDestination: [] })
})

it.each([
  ["goes on", []],
  ["starts anew", [6]],
])(
  "does not take a commit on a deleted topic for one on its successor, when a collector that %s cannot read the group",
  async (_, restarts) => {
    await using world = await chainWorld(inject("postgresUrl"))
    // The commit outlives the topic, which is made again while the group is in no list.
    const deleted = { ...on, kind: "topic deleted" as const, step: 2, lasts: 3, amount: 1 }
    const missing = { ...on, kind: "group missing" as const, step: 4, lasts: 3 }
    expect(await judge(world, [scriptOf({ steps: 7, restarts }, [deleted, missing])], false)).toEqual([])
    const group = await getGroup(world.ctx, WHERE)
    expect(group).toMatchObject({
      lag: null,
      parts: { partitions: 0, unknown: 0 },
      verdict: { status: "unknown" },
    })
  },
)

it("tells the age of a record that was written anew before any sample showed that the log was cut off", async () => {
  await using world = await chainWorld(inject("postgresUrl"))
  const cut = { ...on, kind: "truncated" as const, step: 1, lasts: 1 }
  const script = scriptOf({ steps: 9, readable: true }, [cut])
  const standing = script.cells.map((cell) => ({
    ...cell,
    groups: cell.groups.map((group) => ({ ...group, speed: 0 })),
  }))
  expect(await judge(world, [{ ...script, cells: standing }], true)).toEqual([])
  const { rows } = await listPartitions(world.ctx, listPartitionsInput.parse(WHERE))
  // It is read from the record: samples would make it a second older, or more.
  expect(rows[0]).toMatchObject({ timeLagSource: "record" })
  expect(rows[0]?.timeLag).toBeLessThan(80_000)
})
