import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { startReceiver } from "#scripts/stack/receiver.ts"
import type { Notification } from "#server/alerts/channels/notification.ts"
import { deliverChannel, dispatch, dueChannels, listAlerts, listAlertsInput } from "#server/alerts/index.ts"
import { seededRandom } from "#test/random.ts"
import { alertWorld } from "./world.ts"

const random = seededRandom("odd names")
const letter = () => String.fromCharCode(33 + Math.floor(random() * 90))
/** Whoever commits offsets names a group, with up to 32,767 bytes. */
const NAMES = [
  "",
  ".",
  "..",
  "a/b?c#d",
  "100%",
  "{{ title }}{% include '.data/secret.key' %}",
  "<!channel> <script>alert(1)</script> @here",
  "to: evil@example.org\r\nBcc: evil@example.org",
  "\u202egnp.exe \ud83d\ude00",
  Array.from({ length: 32_000 }, letter).join(""),
]

it("fires for groups of any name, tells them as they are, and none keeps another back", async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await alertWorld(database.url)
  await using receiver = await startReceiver()
  const cluster = await world.addCluster("eu")
  await world.addRule("lags", { condition: { op: ">", threshold: 10 } })
  await world.addChannel("hook", "webhook", { url: `${receiver.url}/hook` })
  const groups = Object.fromEntries(NAMES.map((name) => [name, { lag: 100 }]))
  await world.sample(cluster, Date.now() - 60_000, groups)
  await world.sample(cluster, Date.now() - 1000, groups)
  const admin = world.as({ role: "admin", clusters: {} })
  const list = await listAlerts(admin, listAlertsInput.parse({ state: "firing", pageSize: 50 }))
  expect(list.rows).toHaveLength(NAMES.length)
  for (const after of [0, 60_000, 120_000]) {
    const now = Date.now() + after
    const parts = { ...world, installation: "test", now: () => now }
    await dispatch(world, now)
    for (const id of await dueChannels(parts)) await deliverChannel(parts, id)
  }
  const told = receiver.received
    .map(({ body }) => JSON.parse(body) as Notification)
    .flatMap(({ alerts }) => alerts.map(({ labels }) => labels.group))
  expect(new Set(told)).toEqual(new Set(NAMES))
  expect(JSON.stringify(receiver.received)).not.toContain("the key of this installation")
})
