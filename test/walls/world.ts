import { encode } from "@msgpack/msgpack"
import { inject } from "vitest"
import { createUser } from "#server/access/users.ts"
import type { Role } from "#server/actor.ts"
import { readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import { DeadDestinations } from "#server/failures/indexing/sources.ts"
import { indexWaiting } from "#server/failures/indexing/watch.ts"
import { keepPartitions } from "#server/store/index.ts"
import type { Web } from "#server/web.ts"
import { askAuth, cookieOf, ORIGIN, webWorld } from "#test/access/world.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { newMessage } from "#test/brokers/producer-contract.ts"
import { deadLetter, storeSweep } from "#test/failures/world.ts"
import { POST } from "../../app/api/trpc/[trpc]/route.ts"
import { CARD, NAME } from "./secrets.ts"

export const CLUSTER = "shop"
const PARTITIONS = 3

export interface Reader {
  name: string
  headers: Record<string, string>
  /** Destinations that they see unmasked. */
  unmasked: readonly string[]
}

export type Walls = Awaited<ReturnType<typeof openWalls>>

/**
 * Topics whose messages are masked by path and by pattern, the topics that hold their dead letters (indexed, not indexed
 * yet, and with a rule of its own alone), and people of every role, with and without what they have unmasked, and their
 * tokens.
 */
export async function openWalls() {
  const world = await webWorld()
  const { store, vault, connections, log } = world.web
  const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
  await syncFileClusters(store, vault, [
    { name: CLUSTER, slug: CLUSTER, system: "kafka", intervalMs: 10_000, connection },
  ])
  const [target] = (await readTargets(store, vault)).targets
  if (!target) throw new Error("the cluster was not stored")
  const { clusterId } = target
  const broker = connections.get(target)
  const base = unique("walls")
  const at = (name: string) => `${base}-${name}`
  const topics = {
    path: at("path"),
    pathDead: `${at("path")}.DLT`,
    pattern: at("pattern"),
    patternDead: `${at("pattern")}.DLT`,
    /** Where no name says whose dead letters they are. */
    graveyard: at("graveyard-dlq"),
    /** Not known to any index yet. */
    late: at("late"),
    /** What lies in `bare` is nobody's secret, but its dead letters have a rule. */
    bare: at("bare"),
    bareDead: `${at("bare")}.DLT`,
    /** Nothing is masked here, and nothing may arrive. */
    open: at("open"),
  }
  for (const topic of Object.values(topics)) {
    await createTopic(kafkaClient(), topic, { partitions: PARTITIONS })
    if (topic === topics.late) continue
    const sampled = await broker.sample({ destinations: [topic], groups: [] }, AbortSignal.timeout(60_000))
    const uid = sampled.destinations[0]?.uid ?? ""
    await store.prisma.destination.create({ data: { clusterId, name: topic, uid, partitions: PARTITIONS } })
  }
  await addRules(topics.path, "path")
  await addRules(topics.bareDead, "path")
  await addRules(topics.pattern, "pattern")
  const send = (messages: Parameters<NonNullable<typeof broker.producer>["send"]>[0]) =>
    broker.producer?.send(messages, AbortSignal.timeout(60_000))
  await send(
    [topics.path, topics.pattern].flatMap((topic) =>
      bodiesOf(topic).map((body, i) => copyTo(topic, body, i)),
    ),
  )
  const died = (orders: string, dead: string) =>
    bodiesOf(orders).map((body, i) => {
      const offset = BigInt(Math.floor(i / PARTITIONS))
      const letter = deadLetter({
        orders,
        dead,
        amount: `${CARD} of ${NAME}`,
        partition: i % PARTITIONS,
        offset,
      })
      return { ...letter, ...body, headers: [...letter.headers, ...body.headers] }
    })
  await send([
    ...died(topics.path, topics.pathDead),
    ...died(topics.pattern, topics.patternDead),
    ...died(topics.path, topics.graveyard),
    ...died(topics.bare, topics.bareDead),
    ...died(topics.pattern, topics.late),
  ])
  const parts = { store, broker, cluster: { id: clusterId, slug: CLUSTER }, log }
  await keepPartitions(store, Date.now())
  await storeSweep({ store, broker, clusterId })
  await indexWaiting(parts, { forget: true, known: new DeadDestinations() }, AbortSignal.timeout(120_000))

  async function addRules(destination: string, kind: "path" | "pattern") {
    const values =
      kind === "path" ? ["$..card", "$..name", "$..note"] : ["[0-9]{16}", "^[0-9]{16}$", "(?i)wintermantel"]
    const headers = kind === "path" ? ["x-*"] : values
    const data = (["key", "value"] as const).flatMap((part) =>
      values.map((expression) => ({ part, expression })),
    )
    await store.prisma.maskingRule.createMany({
      data: [...data, ...headers.map((expression) => ({ part: "headers" as const, expression }))].map(
        (rule) => ({
          ...{ ...rule, destination, kind, how: "hide", clusterId },
        }),
      ),
    })
  }

  return { ...world, topics, broker, clusterId, send, people: await people(world.web, { clusterId, topics }) }
}

type Body = ReturnType<typeof bodiesOf>[number]

function copyTo(destination: string, body: Body, i: number) {
  return newMessage(destination, { ...body, partition: i % PARTITIONS })
}

/** The secrets in every shape that a rule is meant to find. */
export function bodiesOf(topic: string) {
  const card = { card: CARD, name: NAME, order: 1 }
  const xml = `<o><card>${CARD.replace("9", "&#57;")}</card><name>${NAME}</name></o>`
  const values = [
    JSON.stringify(card),
    JSON.stringify({ pay: { card: Number(CARD) }, list: [{ name: NAME }], order: 2 }),
    JSON.stringify(card).replace("4929", "\\u0034929"),
    Buffer.from(encode(card)),
    Buffer.from(encode({ card: Buffer.from(CARD), name: Buffer.from(NAME, "utf16le") })),
    xml,
    `card ${CARD} of ${NAME}, in words`,
    JSON.stringify({
      note: Buffer.from(CARD).toString("base64"),
      card: encodeURIComponent(CARD).replace("9", "%39"),
    }),
    JSON.stringify({ note: JSON.stringify(card) }),
    Buffer.from(JSON.stringify(card), "utf16le"),
    Buffer.from(`\u0000\u0001${CARD} ${NAME}`),
  ]
  return values.map((value) => ({
    key: Buffer.from(JSON.stringify({ card: CARD, of: topic.length })),
    value: Buffer.from(value),
    headers: [
      { key: "x-card", value: Buffer.from(CARD) },
      { key: "x-name", value: Buffer.from(`Bearer ${NAME}`) },
    ],
  }))
}

async function people(
  web: Web,
  { clusterId, topics }: { clusterId: number; topics: Record<string, string> },
): Promise<Reader[]> {
  const invite = async (name: string, role: Role | null) => {
    const user = {
      name,
      email: `${name.replaceAll(" ", "-")}@example.org`,
      password: "a long enough one",
      role,
    }
    const id = await createUser(web.store, user)
    if (role === null)
      await web.store.prisma.userGrant.create({ data: { userId: id, clusterId, role: "admin" } })
    const cookie = cookieOf(await askAuth("sign-in/email", user))
    return { id, name, headers: { cookie, origin: ORIGIN }, role: role ?? "admin" }
  }
  const viewer = await invite("viewer", "viewer")
  const operator = await invite("operator", "operator")
  const clusterAdmin = await invite("cluster admin", null)
  const admin = await invite("admin", "admin")
  const unmasked = await invite("unmasked admin", "admin")
  const demoted = await invite("demoted admin", "admin")
  const all = [viewer, operator, clusterAdmin, admin, unmasked, demoted]
  const tokens: Reader[] = []
  for (const { name, headers, role } of all) {
    const input = {
      name: "for a script",
      days: 1,
      ...(name === "cluster admin" ? { role: null, clusters: { [CLUSTER]: role } } : { role, clusters: {} }),
    }
    const { token } = await act(headers, "access.tokens.create", input)
    tokens.push({ name: `token of ${name}`, headers: { authorization: `Bearer ${token}` }, unmasked: [] })
  }
  const see = (who: typeof admin, destination: string) =>
    act(who.headers, "masking.unmask", { cluster: CLUSTER, destination, reason: "a test" })
  await see(unmasked, topics.path ?? "")
  for (const topic of Object.values(topics)) await see(demoted, topic)
  await act(admin.headers, "access.users.changeGrants", { id: demoted.id, role: "viewer", clusters: {} })
  return [
    { name: "nobody", headers: {}, unmasked: [] },
    ...all.map(({ name, headers }) => ({
      name,
      headers,
      unmasked: name === "unmasked admin" ? [topics.path ?? ""] : [],
    })),
    ...tokens,
  ]
}

/** A mutation that must succeed. */
export async function act(headers: Record<string, string>, path: string, input: unknown) {
  const response = await POST(
    new Request(`${ORIGIN}/api/trpc/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(input),
    }),
  )
  const answer = await response.json()
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  return answer.result.data
}
