import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { forgetAlerts } from "#server/alerts/index.ts"
import { alertWorld } from "./world.ts"

const DAY_MS = 86_400_000

it("forgets alerts that were resolved, and notifications that were sent, before the history that is kept", async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await alertWorld(database.url)
  const { prisma, keep } = world.store
  const now = Date.now()
  const cluster = await world.addCluster("eu")
  await world.addRule("lag", { condition: { op: ">", threshold: 10 } })
  await world.addChannel("hook", "webhook", {})
  const [old, young] = [
    new Date(now - (keep["10m"] + 1) * DAY_MS),
    new Date(now - (keep["10m"] - 1) * DAY_MS),
  ]
  const groupOf = (key: string, dueAt: Date | null) =>
    prisma.alertGroup.create({
      data: { routeId: "", channelId: "hook", labels: {}, key, dueAt, notifiedAt: old, notifications: 1 },
    })
  const add = async (
    name: string,
    of: { state: string; resolvedAt: Date | null; sent: string; at: Date },
  ) => {
    const alert = await prisma.alert.create({
      data: {
        ...{ ruleId: "lag", clusterId: cluster, series: name, fingerprint: name, state: of.state },
        ...{ severity: "warning", labels: {}, sentence: name, memory: {} },
        ...{ startedAt: old, firedAt: old, resolvedAt: of.resolvedAt },
        events: { create: { at: old, kind: "fired" } },
      },
      select: { id: true, events: { select: { id: true } } },
    })
    const group = await groupOf(name, of.sent === "queued" ? new Date(now) : null)
    const notice = { alertId: alert.id, groupId: group.id, kind: "fired", state: "sent" }
    await prisma.alertNotice.create({ data: { ...notice, eventId: alert.events[0]?.id ?? 0n } })
    await prisma.alertNotification.create({
      data: { channelId: "hook", groupId: group.id, createdAt: of.at, content: { name }, state: of.sent },
    })
  }
  await add("forgotten", { state: "resolved", resolvedAt: old, sent: "delivered", at: old })
  await add("failed", { state: "resolved", resolvedAt: old, sent: "failed", at: old })
  await add("resolved lately", { state: "resolved", resolvedAt: young, sent: "delivered", at: young })
  await add("still fires", { state: "firing", resolvedAt: null, sent: "queued", at: old })

  await forgetAlerts(world.store, now)
  await forgetAlerts(world.store, now)

  const names = ["resolved lately", "still fires"]
  const alerts = await prisma.alert.findMany({ orderBy: { id: "asc" }, include: { events: true } })
  expect(alerts.map((one) => [one.series, one.events.length])).toEqual(names.map((name) => [name, 1]))
  const sent = await prisma.alertNotification.findMany({ orderBy: { id: "asc" } })
  expect(sent.map((one) => one.content)).toEqual(names.map((name) => ({ name })))
  const groups = await prisma.alertGroup.findMany({ orderBy: { id: "asc" } })
  expect(groups.map((one) => one.key)).toEqual(names)
})
