import { afterAll, beforeAll, expect, it } from "vitest"
import { groupPath, resetPath } from "#app/(console)/paths.ts"
import { shownName } from "#app/ui/name.ts"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { toSegment } from "#server/segment.ts"
import { connectKafka, createTopic, kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { signInByHttp } from "#test/sign-in.ts"
import { until } from "#test/until.ts"
import { type Desk, startDesk } from "./desk.ts"

const NAMES = ["", ".", "..", "a/b", "a%2Fb", "%", "?", "#", " ", "grüße", "~", "x".repeat(2000)]
const TOPIC = "orders"

const stack = new AsyncDisposableStack()
let desk: Desk
let bootstrap: string[]
let headers: Record<string, string>

beforeAll(async () => {
  // Kafka of its own: names that must be exactly these are those of every other test too.
  const kafka = stack.use(await startKafka({ brokers: 1 }))
  bootstrap = kafka.bootstrap
  await createTopic(kafkaClient(bootstrap), TOPIC, { partitions: 1 })
  await produce(
    kafkaClient(bootstrap),
    TOPIC,
    Array.from({ length: 20 }, (_, i) => ({ partition: 0, value: `order ${i}` })),
  )
  for (const [i, name] of NAMES.entries()) await commit(name, BigInt(i))
  desk = stack.use(await startDesk({ bootstrap }))
  const { inside, login } = desk.world
  const origin = new URL(login.url).origin
  const cookie = await signInByHttp(inside, login, origin)
  headers = { cookie, origin, "content-type": "application/json" }
  await until("all groups are sampled", async () => {
    const { rows } = await trpc("groups.list", { clusters: ["shop"], pageSize: 50 })
    return rows.length === NAMES.length
  })
})
afterAll(() => stack.disposeAsync())

const shown = (name: string) => name.slice(0, 20)

it.each(NAMES.map((name) => [shown(name), name]))("the HTTP API resets the group %j", async (_, name) => {
  const offsets = `/clusters/shop/groups/${toSegment(name)}/offsets`
  const made = await api("POST", `${offsets}/plans`, { strategy: { kind: "offset", offset: 19 } })
  const plan = `${offsets}/plans/${made.plan}`
  expect(await api("GET", plan)).toMatchObject({ group: name, existed: true, lineCount: 1 })
  expect(await api("POST", `${plan}/apply`, {})).toMatchObject({ outcome: "applied" })
  expect(await committed()).toEqual(expectedAfter(name))
  expect(await api("GET", `${offsets}/resets`)).toMatchObject([{ group: name }])
  await commit(name, BigInt(NAMES.indexOf(name)))
})

it.each(["a/b", "a%2Fb", "%", "?", "#", " ", "grüße"])(
  "the HTTP API takes %j as every client encodes it",
  async (name) => {
    const offsets = `/clusters/shop/groups/${encodeURIComponent(name)}/offsets`
    const { plan } = await api("POST", `${offsets}/plans`, { strategy: { kind: "latest" } })
    expect(await api("GET", `${offsets}/plans/${plan}`)).toMatchObject({ group: name, existed: true })
  },
)

it.each(NAMES.map((name) => [shown(name), name]))(
  "tRPC reads and plans for the group %j",
  async (_, name) => {
    expect(await trpc("groups.get", { cluster: "shop", group: name })).toMatchObject({ name })
    const response = await fetch(`${desk.world.inside}/api/trpc/offsets.preview`, {
      method: "POST",
      headers,
      body: JSON.stringify({ cluster: "shop", group: name, strategy: { kind: "latest" } }),
    })
    const { plan } = (await response.json()).result.data
    expect(await trpc("offsets.get", planInput(name, plan))).toMatchObject({ group: name, existed: true })
  },
)

it.each(NAMES.map((name) => [shown(name), name]))(
  "a browser opens the group %j from the list, and by its address",
  async (_, name) => {
    const { page, go } = desk
    const address = groupPath("shop", name)
    const seen = shownName(name)
    const isOpen = async () => {
      await page.getByRole("heading", { name: seen, exact: true, level: 1 }).waitFor()
      await expect.poll(() => page.title()).toBe(`${seen} · Signalbox`)
      expect(new URL(page.url()).pathname).toBe(address)
    }
    await go("/clusters/shop/groups")
    await page.locator(`tbody a[href="${address}"]`).click()
    await isOpen()
    await page.reload()
    await isOpen()
    await page.getByRole("link", { name: "Reset offsets" }).click()
    await expect.poll(() => page.title()).toBe(`Offsets of ${seen} · Signalbox`)
    expect(new URL(page.url()).pathname).toBe(resetPath("shop", name))
  },
)

it("a browser opens what was typed and encoded by hand", async () => {
  const { page, go } = desk
  for (const name of ["a/b", "a%2Fb", "%", "grüße"]) {
    await go(`/clusters/shop/groups/${encodeURIComponent(name)}`)
    await page.getByRole("heading", { name, exact: true, level: 1 }).waitFor()
    await expect.poll(() => page.title()).toBe(`${name} · Signalbox`)
  }
})

async function commit(name: string, offset: bigint): Promise<void> {
  await using broker = connectKafka(bootstrap)
  const positions = [{ destination: TOPIC, partition: 0, offset }]
  await until(`${shown(name)} is committed`, async () => {
    await broker.offsets?.commit({ name, type: "classic" }, positions, AbortSignal.timeout(60_000))
    return true
  })
}

/** Where all groups stand, by name. */
async function committed(): Promise<Record<string, number>> {
  await using broker = connectKafka(bootstrap)
  const { groups } = await broker.sample({ groups: NAMES, destinations: [] }, AbortSignal.timeout(60_000))
  return Object.fromEntries(groups.map((one) => [one.name, Number(one.commits[0]?.offsets[0])]))
}

/** Only this one has moved. */
function expectedAfter(moved: string): Record<string, number> {
  return Object.fromEntries(NAMES.map((name, i) => [name, name === moved ? 19 : i]))
}

function planInput(group: string, plan: string) {
  return { cluster: "shop", group, plan, show: "all", page: 1, pageSize: 50 }
}

async function trpc(path: string, input: object) {
  const query = encodeURIComponent(JSON.stringify(input))
  const response = await fetch(`${desk.world.inside}/api/trpc/${path}?input=${query}`, { headers })
  const body = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(200)
  return body.result.data
}

async function api(method: "GET" | "POST", path: string, body?: object) {
  const sent = body ? { body: JSON.stringify(body) } : {}
  const response = await fetch(`${desk.world.inside}/api/v1${path}`, { method, headers, ...sent })
  const answer = await response.json()
  expect(response.status, JSON.stringify(answer)).toBe(200)
  return answer
}
