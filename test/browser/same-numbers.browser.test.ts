import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { Connections } from "#server/brokers/connections.ts"
import {
  destinationPartitionsInput,
  getCluster,
  getDestination,
  listClusters,
  listDestinationPartitions,
  listDestinations,
  listDestinationsInput,
} from "#server/clusters/index.ts"
import { readTargets } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import {
  getGroup,
  historyInput,
  lagHeat,
  lagHistory,
  listGroups,
  listGroupsInput,
  listMembers,
  listPartitions,
  listPartitionsInput,
} from "#server/lag/queries/index.ts"
import { createLogger } from "#server/log.ts"
import type { GroupLag } from "#server/sampling/group-lags.ts"
import { commit, connectKafka, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"
import { type Desk, startDesk } from "./desk.ts"
import { type Sighting, sightingsOn } from "./sightings.ts"
import { stillCluster } from "./still-cluster.ts"

/** The same brokers twice: once all of them answer, once a leader and a coordinator do not. */
const CLUSTERS = ["shop", "depot"] as const
const INTERVAL_MS = 2000
const [orders, payments, audit] = [unique("orders"), unique("payments"), unique("audit")]
const [billing, shipping, archive] = [unique("billing"), unique("shipping"), unique("archive")]
const TOPICS = { [orders]: 3, [payments]: 4, [audit]: 2 }
const GROUPS = [billing, shipping, archive]
const VIEWS = {
  shop: { topics: Object.keys(TOPICS), groups: GROUPS, away: {}, silent: [] },
  depot: { topics: Object.keys(TOPICS), groups: GROUPS, away: { [orders]: [1] }, silent: [shipping] },
}

const stack = new AsyncDisposableStack()
const kafka = kafkaClient()
let desk: Desk
let ctx: Context
/** What the last sweep gave to the metrics, by cluster. */
const metrics = new Map<string, GroupLag[]>()

beforeAll(async () => {
  await Promise.all(
    Object.entries(TOPICS).map(([topic, partitions]) => createTopic(kafka, topic, { partitions })),
  )
  desk = stack.use(await startDesk({ roles: ["web"], clusters: CLUSTERS }))
  const { store, vault } = desk.world
  const connections = stack.use(new Connections({ clientId: "signalbox-test", log: () => undefined }))
  ctx = { store, vault, connections, actor: { kind: "system" }, log: createLogger("test"), now: Date.now }
  await write(10)
  await commit(kafka, billing, { topic: orders, offsets: { 0: 2, 1: 4, 2: 10 } })
  await commit(kafka, billing, { topic: payments, offsets: { 0: 1, 3: 10 } })
  await commit(kafka, archive, { topic: audit, offsets: { 0: 0, 1: 10 } })
  await startMember()
  const broker = stack.use(connectKafka(inject("kafkaBootstrap")))
  const { targets } = await readTargets(store, vault)
  const clusters = await Promise.all(
    CLUSTERS.map(async (slug) => {
      const target = targets.find((one) => one.slug === slug)
      if (!target) throw new Error(`${slug} was not stored`)
      return { slug, cluster: await stillCluster({ store, target, broker, view: VIEWS[slug] }) }
    }),
  )
  let last = Date.now()
  for (let i = 0; i < 5; i++) {
    await write(1 + i)
    await commit(kafka, shipping, { topic: orders, offsets: { 0: 3 + i, 1: i, 2: 2 * i } })
    await until("the next sample is due", () => Date.now() >= last + INTERVAL_MS)
    const at = Date.now()
    last = at
    for (const { slug, cluster } of clusters) {
      // Sizes and members are as of the last description; nothing is written after it.
      if (i === 1 || i === 4) await cluster.describe()
      metrics.set(slug, await cluster.sweep(at, { isWhole: i < 3 }))
    }
  }
})

afterAll(() => stack.disposeAsync())

async function write(each: number): Promise<void> {
  for (const [topic, partitions] of Object.entries(TOPICS)) {
    const messages = Array.from({ length: partitions * each }, (_, i) => ({
      partition: i % partitions,
      value: `${topic} ${i}`,
    }))
    await produce(kafka, topic, messages)
  }
}

/** A consumer that is assigned all that billing reads, and reads nothing on. */
async function startMember(): Promise<void> {
  const consumer = kafka.consumer({ groupId: billing })
  stack.defer(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topics: [orders, payments] })
  let isIn = false
  consumer.on("consumer.group_join", () => {
    isIn = true
  })
  await consumer.run({ autoCommit: false, eachBatch: () => sleep(500) })
  await until("the member is in", async () => isIn)
}

/** Every page that shows numbers, and the cluster it is about. */
function pages(): { address: string; cluster: string }[] {
  const of = (cluster: string) => {
    const at = `/clusters/${cluster}`
    const topics = Object.keys(TOPICS).flatMap((topic) =>
      ["activity", "consumers", "partitions"].map((tab) => `${at}/topics/${topic}?tab=${tab}`),
    )
    const groups = GROUPS.map((group) => `${at}/groups/${group}`)
    return [at, `${at}/topics`, `${at}/groups`, ...topics, ...groups].map((address) => ({ address, cluster }))
  }
  return [...["/", "/clusters", "/lag"].map((address) => ({ address, cluster: "" })), ...CLUSTERS.flatMap(of)]
}

test("a number that two pages show is the same on both", async () => {
  const seen: Sighting[] = []
  for (const at of pages()) {
    await desk.go(at.address)
    await desk.page.locator("main dl.facts, main table.grid tbody tr").first().waitFor()
    await until(
      `${at.address} is there`,
      async () => (await desk.page.locator("main .skeleton").count()) === 0,
    )
    seen.push(...(await sightingsOn(desk.page, at)))
  }
  const byNumber = Map.groupBy(seen, (one) => `${one.quantity} of ${one.subject}`)
  const differ = [...byNumber].filter(([, all]) => new Set(all.map((one) => one.text)).size > 1)
  expect(differ.map(([number, all]) => [number, all.map((one) => `${one.page}: ${one.text}`)])).toEqual([])
  const onPages = (number: string) => new Set(byNumber.get(number)?.map((one) => one.page)).size
  for (const cluster of CLUSTERS) {
    const of = (what: string, names: string[]) => names.map((name) => `${what} of ${cluster} ${name}`)
    const numbers = [
      ...["lag", "time lag", "lost", "members", "produced", "consumed"].flatMap((one) => of(one, GROUPS)),
      ...["produced", "messages", "size", "partitions", "groups"].flatMap((one) =>
        of(one, Object.keys(TOPICS)),
      ),
      ...of("end", [`${orders}/0`, `${orders}/1`]),
      ...["produced", "consumed", "topics", "partitions"].map((one) => `${one} of ${cluster}`),
    ]
    expect(numbers.filter((number) => onPages(number) < 2)).toEqual([])
  }
  const text = (number: string) => byNumber.get(number)?.[0]?.text
  expect(text(`lag of depot ${billing}`)).toMatch(/^≥ /)
  expect(text(`lag of depot ${shipping}`)).toBe("–")
  expect(text(`produced of depot ${orders}`)).toMatch(/^≥ /)
  expect(text(`messages of depot ${orders}`)).toBe("–")
  expect(text(`end of depot ${orders}/1`)).toBe("–")
  for (const number of ["produced of depot", "consumed of depot"]) expect(text(number)).toMatch(/^≥ /)
  expect(
    [...byNumber]
      .filter(([number]) => /^(lag|lost|produced|consumed) of shop/.test(number))
      .filter(([, [one]]) => /≥/.test(one?.text ?? "")),
  ).toEqual([])
})

const sum = (values: (number | null)[]) => values.reduce<number>((all, one) => all + (one ?? 0), 0)
/** A sum that lacks a part is what is known of it, and unknown where that is nothing. */
const total = (values: (number | null)[]) => (sum(values) === 0 && unknown(values) > 0 ? null : sum(values))
const unknown = (values: (number | null)[]) => values.filter((one) => one === null).length

test.each(CLUSTERS)("%s: totals are the sums of their parts, in lists, charts and metrics", async (slug) => {
  const list = await listGroups(ctx, listGroupsInput.parse({ clusters: [slug] }))
  expect(list.rows.map((row) => row.name).sort()).toEqual(GROUPS.toSorted())
  for (const row of list.rows) {
    const {
      problems: _problems,
      freshness: _freshness,
      advice: _advice,
      destinationCount,
      ...page
    } = await getGroup(ctx, { cluster: slug, group: row.name })
    const { byDestination, ...inAll } = page
    expect(inAll).toEqual(row)
    expect(byDestination).toHaveLength(destinationCount)
    const { rows: all } = await listPartitions(
      ctx,
      listPartitionsInput.parse({ cluster: slug, group: row.name }),
    )
    const parts = all.filter((one) => !one.noCommit)
    expect(unknown(parts.map((one) => one.lag))).toBe(row.parts.unknown)
    expect(parts).toHaveLength(row.parts.partitions)
    for (const key of ["lag", "lost"] as const) {
      expect(total(parts.map((one) => one[key])), `${key} of ${row.name}`).toBe(row[key])
      expect(total(byDestination.map((one) => one[key]))).toBe(row[key])
    }
    for (const one of byDestination) {
      const metric = metrics
        .get(slug)
        ?.find((lag) => lag.group === row.name && lag.destination === one.destination)
      expect(metric?.lag, `metric of ${row.name} on ${one.destination}`).toBe(
        one.parts.unknown > 0 ? null : one.lag,
      )
    }
    const range = { cluster: slug, group: row.name, from: Date.now() - 600_000, to: Date.now() }
    const { series } = await lagHistory(ctx, historyInput.parse(range))
    const last = (key: string) => series[key]?.at(-1) ?? null
    expect([last("lag"), last("lagAtLeast")]).toEqual(
      row.parts.unknown > 0 ? [null, row.lag] : [row.lag, null],
    )
    for (const { destination } of byDestination) {
      const heat = await lagHeat(ctx, historyInput.parse({ ...range, destination }))
      const lags = heat.partitions.map((partition, i) => [partition, heat.lag[i]?.at(-1) ?? null])
      expect(lags).toEqual(
        all.filter((one) => one.destination === destination).map((one) => [one.partition, one.lag]),
      )
    }
  }
  const { members } = await listMembers(ctx, { cluster: slug, group: billing })
  const row = list.rows.find((one) => one.name === billing)
  expect(members).toHaveLength(row?.members ?? -1)
  expect(members).toMatchObject([{ lag: row?.lag, unknownPartitions: row?.parts.unknown }])
})

test.each(CLUSTERS)("%s: what its topics have adds up to what it has", async (slug) => {
  const { rows } = await listDestinations(ctx, listDestinationsInput.parse({ cluster: slug }))
  for (const row of rows) {
    const name = { cluster: slug, name: row.name }
    const {
      config: _config,
      notes: _notes,
      problems: _problems,
      freshness: _freshness,
      ...page
    } = await getDestination(ctx, name)
    expect(page).toEqual(row)
    const parts = await listDestinationPartitions(ctx, destinationPartitionsInput.parse(name))
    expect(parts.total).toBe(row.partitions)
    expect([parts.rate, parts.ratePartial]).toEqual([row.produceRate, row.produceRatePartial])
    expect(sum(parts.rows.map((one) => one.rate))).toBeCloseTo(row.produceRate ?? -1, 6)
    const offsets = parts.rows.map((one) => one.offsets)
    expect(unknown(offsets) > 0 ? null : sum(offsets)).toBe(row.messages)
    expect(sum(parts.rows.map((one) => one.bytes))).toBe(row.bytes)
    const readers = await listGroups(ctx, listGroupsInput.parse({ clusters: [slug], destination: row.name }))
    expect(readers.total).toBe(row.groups)
  }
  const groups = await listGroups(ctx, listGroupsInput.parse({ clusters: [slug] }))
  const cluster = await getCluster(ctx, { cluster: slug })
  expect(cluster).toMatchObject({ destinations: rows.length, groups: groups.total })
  expect(cluster.partitions).toBe(sum(rows.map((one) => one.partitions)))
  expect(cluster.produceRate).toBeCloseTo(sum(rows.map((one) => one.produceRate)), 6)
  expect(cluster.produceRatePartial).toBe(rows.some((one) => one.produceRatePartial))
  expect(cluster.consumeRate).toBeCloseTo(sum(groups.rows.map((one) => one.consumeRate)), 6)
  expect(cluster.consumeRatePartial).toBe(groups.rows.some((one) => one.ratesPartial))
  expect(cluster).toMatchObject((await listClusters(ctx)).find((one) => one.slug === slug) ?? {})
})
