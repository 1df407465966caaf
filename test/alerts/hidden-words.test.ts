import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { startReceiver } from "#scripts/stack/receiver.ts"
import { deliverChannel, dispatch, dueChannels, listAlerts, listAlertsInput } from "#server/alerts/index.ts"
import { CARD, leaksIn, NAME } from "#test/walls/secrets.ts"
import { alertWorld } from "./world.ts"

/** Classes as producers wrote them into dead letters: the last ones say more than a class. */
const NAMES = ["com.example.CardDeclined", "ValueError", "Shop.Orders+Invalid`1"]
const MORE = [
  `InvalidCard: ${CARD} of ${NAME}`,
  `no customer ${NAME}`,
  CARD,
  `com.example.Declined\n${CARD}`,
  `<${NAME}> {"card":"${CARD}"}`,
]

it("tells the class of an exception, and nothing else that its dead letter says", async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await alertWorld(database.url)
  await using receiver = await startReceiver()
  const cluster = await world.addCluster("eu")
  const seen = new Date()
  await world.store.prisma.failureGroup.createMany({
    data: [...NAMES, ...MORE].map((exceptionType, i) => ({
      ...{ clusterId: cluster, fingerprint: String(i), exceptionType, destination: "orders" },
      ...{ message: `card ${CARD}`, exampleMessage: NAME, exampleStack: CARD, consumerGroup: "billing" },
      ...{ firstSeenAt: seen, lastSeenAt: seen, messages: 3n },
    })),
  })
  await world.addRule("fails", {
    signal: "failure-state",
    condition: { op: "in", values: ["open"] },
    message: "",
  })
  await world.addChannel("hook", "webhook", { url: `${receiver.url}/hook` })
  await world.sample(cluster, Date.now() - 60_000, {})
  await world.sample(cluster, Date.now() - 1000, {})
  const admin = world.as({ role: "admin", clusters: {} })
  const list = await listAlerts(admin, listAlertsInput.parse({ state: "firing", pageSize: 50 }))
  // The first dispatch waits for more alerts to put together.
  for (const after of [0, 60_000, 120_000]) {
    const now = Date.now() + after
    const parts = { ...world, installation: "test", now: () => now }
    await dispatch(world, now)
    for (const id of await dueChannels(parts)) await deliverChannel(parts, id)
  }
  const answers = [JSON.stringify(list), ...receiver.received.map(({ body }) => body)]
  expect(answers.length).toBeGreaterThan(1)
  for (const answer of answers) {
    expect(leaksIn(answer)).toEqual([])
    for (const name of NAMES) expect(answer).toContain(name)
    expect(answer).toContain("unknown exception")
  }
})
