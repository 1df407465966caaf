import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { backTest, backTestInput } from "#server/alerts/index.ts"
import { rule } from "#server/alerts/rule.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, lagWorld } from "#test/lag/world.ts"

const MINUTE = 60_000

it("what a rule says live, it says on history: of several groups, across a restart, with one that is gone", {
  timeout: 180_000,
}, async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await lagWorld({
    databaseUrl: database.url,
    bootstrap: inject("kafkaBootstrap"),
    alerts: true,
  })
  const { store } = world
  const kafka = kafkaClient()
  const topic = unique("alerts")
  const [teamA, other] = [unique("team-a"), unique("team-b")]
  const [behind, fine] = [`${teamA}-behind`, `${teamA}-fine`]
  await createTopic(kafka, topic, { partitions: 2 })
  const lags = rule.parse({
    name: "Team A lags",
    signal: "lag",
    severity: "warning",
    condition: { op: ">", threshold: 6, clear: 2 },
    forMs: 2 * MINUTE,
    scope: { include: [`${teamA}-*`] },
    message: "{{ group }} has {{ value }} unread (limit {{ threshold }}).",
    labels: { team: "a" },
  })
  const stopped = rule.parse({
    name: "Stopped",
    signal: "group-status",
    severity: "critical",
    condition: { op: "in", values: ["stopped"] },
    scope: { include: [`${teamA}-*`, other] },
  })
  for (const [id, definition] of Object.entries({ lags, stopped }))
    await store.prisma.alertRule.create({ data: { id, source: "page", updatedBy: "test", definition } })

  const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 40 * MINUTE
  const alerts = () =>
    store.prisma.alert.findMany({
      where: { ruleId: "lags" },
      include: { events: true },
      orderBy: { id: "asc" },
    })
  for (let minute = 0; minute <= 20; minute++) {
    await produce(
      kafka,
      topic,
      [0, 1].map((partition) => ({ partition, value: `${minute}` })),
    )
    const at = (offset: number) => ({ topic, offsets: { 0: offset, 1: offset } })
    // One falls behind at minute 3, and has caught up at minute 12.
    await commit(kafka, behind, at(minute < 3 || minute >= 12 ? minute + 1 : 3))
    await commit(kafka, fine, at(minute + 1))
    await commit(kafka, other, at(1))
    // The minute that it ends in is not in history.
    if (minute === 10) await world.restart()
    await world.sweep(begin + minute * MINUTE)
    if (minute === 7) {
      const [only, ...others] = await alerts()
      expect(others).toEqual([])
      expect(only).toMatchObject({ state: "pending", labels: { group: behind, cluster: CLUSTER, team: "a" } })
      expect(only?.events).toEqual([])
    }
    if (minute === 10) {
      const [only] = await alerts()
      expect(only).toMatchObject({ state: "firing", severity: "warning" })
      expect(only?.sentence).toMatch(new RegExp(`^${behind} has \\d+ unread \\(limit 6\\)\\.$`))
    }
  }
  const [only, ...others] = await alerts()
  expect(others).toEqual([])
  expect(only?.state).toBe("resolved")
  expect(only?.events.map((one) => one.kind).sort()).toEqual(["fired", "resolved"])

  // The same on history: at the end of each minute what the live evaluation saw within it.
  const tried = await backTest(world.ctx, backTestInput.parse({ rule: lags, range: "24h" }))
  expect(tried).toMatchObject({ series: 2, fired: 1, firedSeries: 1 })
  const [noisiest] = tried.noisiest
  expect(noisiest?.labels).toEqual({ group: behind })
  const firing = noisiest?.intervals.find((one) => one.state === "firing")
  expect(firing).toEqual({ state: "firing", from: only?.firedAt?.getTime(), to: only?.resolvedAt?.getTime() })

  const statuses = await store.prisma.alert.findMany({ where: { ruleId: "stopped" }, orderBy: { id: "asc" } })
  const onHistory = await backTest(world.ctx, backTestInput.parse({ rule: stopped, range: "24h" }))
  expect(onHistory.fired).toBe(statuses.length)
  expect(statuses.map((one) => one.firedAt?.getTime())).toEqual(
    onHistory.noisiest
      .flatMap((one) => one.intervals)
      .map((one) => one.from)
      .sort((a, b) => a - b),
  )
  expect(statuses.some((one) => one.state === "firing")).toBe(true)

  // A rule that is switched off has no alerts; they are told as resolved.
  await store.prisma.alertRule.update({ where: { id: "stopped" }, data: { enabled: false, revision: 2 } })
  await world.sweep(begin + 21 * MINUTE)
  expect(await store.prisma.alert.count({ where: { ruleId: "stopped", state: "firing" } })).toBe(0)
})
