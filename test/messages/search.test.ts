import { fork } from "node:child_process"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openTarget } from "#server/clusters/index.ts"
import { listJobs } from "#server/jobs/index.ts"
import {
  addMaskingRule,
  estimateSearch,
  exportInput,
  exportMessages,
  getSearch,
  listMatches,
  listSearches,
  matchesInput,
  removeMaskingRule,
  resumeSearch,
  searchInput,
  startSearch,
  stopSearch,
  unmask,
} from "#server/messages/index.ts"
import { kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { seenUntil } from "#test/until.ts"
import { fill } from "./fill.ts"
import { CLUSTER, type MessagesWorld, messagesWorld } from "./world.ts"

let world: MessagesWorld
/** 4 × 30,000 messages, of which one in a thousand says "needle". */
let large: string
beforeAll(async () => {
  world = await messagesWorld()
  large = await world.topic([], { partitions: 4 })
  await fill(large, { partitions: 4, each: 30_000 })
})
afterAll(() => world[Symbol.asyncDispose]())

/** An expression is slow enough to be interrupted. */
const SLOW = { kind: "expression", text: "search(@.value.word, '(n|e+|d)*le$') && count(@..*) > 2" }

const SLOWER = { ...SLOW, text: `${"count(@..*) > 2 && ".repeat(6)}${SLOW.text}` }

function ask(destination: string, question: object) {
  return searchInput.parse({ cluster: CLUSTER, destination, question })
}

const view = (id: string, role: "viewer" | "operator" | "admin" = "viewer") =>
  getSearch(world.as(role), { cluster: CLUSTER, id })

async function until(
  id: string,
  done: (now: Awaited<ReturnType<typeof view>>) => boolean,
  role?: "operator" | "admin",
) {
  const seen = await seenUntil(() => view(id, role), done)
  if (!done(seen)) throw new Error(`the search is still ${JSON.stringify(seen)}`)
  return seen
}

async function search(destination: string, question: object, role: "operator" | "admin" = "operator") {
  const { id } = await startSearch(world.as(role), ask(destination, question))
  return until(id, ({ state }) => state !== "queued" && state !== "running", role)
}

async function offsets(id: string, role: "viewer" | "admin" = "viewer"): Promise<string[]> {
  const all: string[] = []
  for (let page = 1; ; page++) {
    const input = matchesInput.parse({ cluster: CLUSTER, id, page, pageSize: 100 })
    const { rows } = await listMatches(world.as(role), input)
    if (rows.length === 0) return all
    all.push(...rows.map((row) => `${row.partition}/${row.offset}`))
  }
}

/** A job that waits for whoever takes it. */
async function queued(given: object): Promise<string> {
  const { question } = ask(large, given)
  const cluster = await world.store.prisma.cluster.findUniqueOrThrow({
    where: { slug: CLUSTER },
    select: { id: true },
  })
  const unread = { scanned: 0, bytes: 0, matched: 0, state: "waiting", problem: null }
  const partitions = [0, 1, 2, 3].map((partition) => ({
    partition,
    from: "0",
    to: "30000",
    next: "0",
    ...unread,
  }))
  const id = unique("job")
  const job = { id, clusterId: cluster.id, destination: large, createdBy: "a test", masked: false }
  await world.store.prisma.searchJob.create({ data: { ...job, question, partitions, state: "queued" } })
  return id
}

/** As after so many ms in which nobody said anything of it: a process that was killed says nothing any more. */
async function silentFor(id: string, ms: number): Promise<void> {
  await world.store.prisma.searchJob.update({
    where: { id },
    data: { heartbeatAt: new Date(Date.now() - ms) },
  })
}

const NEEDLES = [0, 1, 2, 3].flatMap((partition) =>
  Array.from({ length: 30 }, (_, i) => `${partition}/${i * 1000 + 7}`),
)

/** Enough to be interrupted in its middle. */
const HALF = { match: SLOWER, partitions: [1, 3] }
const HALF_NEEDLES = NEEDLES.filter((at) => /^[13]/.test(at)).toSorted()

describe("searching messages", { timeout: 200_000 }, () => {
  it("says before it starts how much there is to read", async () => {
    const estimate = await estimateSearch(
      world.as("operator"),
      ask(large, { match: { kind: "contains", text: "x" } }),
    )
    expect(estimate).toMatchObject({ records: 120_000, unread: [] })
    expect(estimate.bytes).toBeGreaterThan(1e6)
    expect(estimate.ms).toBeGreaterThan(1000)
  })

  it.each([
    ["a text", { kind: "contains", text: "needle" }],
    ["a pattern", { kind: "pattern", text: '"n[e]{2}dle"' }],
    ["a filter", SLOW],
    ["a path into the value", { kind: "expression", text: "$[?@ == 'needle']" }],
  ])("finds %s, all of them, and says that it read all", async (_name, match) => {
    const found = await search(large, { match })
    expect(found).toMatchObject({
      state: "done",
      complete: true,
      records: 120_000,
      covered: 120_000,
      matched: 120,
    })
    expect(found.scanned).toBe(120_000)
    const all = await offsets(found.id)
    expect(new Set(all)).toEqual(new Set(NEEDLES))
    expect(all).toHaveLength(120)
  })

  it("searches the chosen partitions from a position on, and stops at its limit", async () => {
    const some = {
      match: { kind: "contains", text: "needle" },
      partitions: [2],
      from: { at: "offset", offset: "20000" },
    }
    const found = await search(large, some)
    expect(found).toMatchObject({ records: 10_000, matched: 10, complete: true })
    const limited = await search(large, { match: { kind: "contains", text: "hay" }, limit: 100 })
    expect(limited).toMatchObject({ state: "stopped", complete: false })
    expect(limited.reason).toContain("as many as were asked for")
    expect(limited.covered).toBeLessThan(limited.records)
  })

  it("is stopped, keeps what it found, and goes on where it was", async () => {
    const { id } = await startSearch(world.as("operator"), ask(large, HALF))
    await until(id, (now) => now.scanned > 5_000)
    await stopSearch(world.as("operator"), { cluster: CLUSTER, id })
    const stopped = await until(id, (now) => now.state !== "running")
    expect(stopped).toMatchObject({ state: "stopped", complete: false })
    expect(stopped.matched).toBeGreaterThan(0)
    await resumeSearch(world.as("operator"), { cluster: CLUSTER, id })
    const done = await until(id, (now) => now.state === "done")
    expect(done).toMatchObject({ complete: true, matched: 60 })
    expect((await offsets(id)).toSorted()).toEqual(HALF_NEEDLES)
  })

  it("is killed in the middle, and when it is resumed finds none twice and misses none", async () => {
    const { id } = await startSearch(world.as("operator"), ask(large, HALF))
    await until(id, (now) => now.scanned > 5_000)
    const row = await world.store.prisma.searchJob.findUnique({ where: { id }, select: { runner: true } })
    process.kill(Number(row?.runner?.split("/")[1]), "SIGKILL")
    const killed = await until(id, (now) => now.state === "failed")
    expect(killed.complete).toBe(false)
    await resumeSearch(world.as("operator"), { cluster: CLUSTER, id })
    expect(await until(id, (now) => now.state === "done")).toMatchObject({ complete: true, matched: 60 })
    expect((await offsets(id)).toSorted()).toEqual(HALF_NEEDLES)
  })

  it("stops when the web process is killed, and one that waited for room is interrupted, to be resumed by another", async () => {
    const order = {
      databaseUrl: world.store.url,
      cluster: CLUSTER,
      target: await openTarget(world.as("operator"), CLUSTER),
      masking: null,
    }
    const slow = [await queued({ match: SLOWER }), await queued({ match: SLOWER })]
    const waits = await queued({ match: { kind: "contains", text: "needle" } })
    expect(await view(waits)).toMatchObject({ state: "interrupted" })
    const web = fork("test/messages/launcher.ts", [], { execArgv: [], stdio: "ignore" })
    for (const id of [...slow, waits]) web.send({ ...order, id })
    for (const id of slow) await until(id, (now) => now.state === "running")
    // There is room for two: this one only says, again and again, that somebody holds it.
    await until(waits, (now) => now.state === "queued")
    const header = await listJobs(world.as("viewer"))
    expect(header.map((job) => [job.id, job.state])).toEqual([
      [waits, "queued"],
      ...slow.toReversed().map((id) => [id, "running"]),
    ])
    expect(header[0]).toMatchObject({ cluster: CLUSTER, of: "needle", total: 120_000 })
    await expect(resumeSearch(world.as("operator"), { cluster: CLUSTER, id: waits })).rejects.toThrow("waits")
    web.kill("SIGKILL")
    for (const id of slow) {
      const stopped = await until(id, (now) => now.state !== "running")
      expect(stopped).toMatchObject({ state: "stopped" })
      expect(stopped.reason).toContain("Resume continues from there")
    }
    await silentFor(waits, 11_000)
    expect(await view(waits)).toMatchObject({ state: "interrupted", scanned: 0 })
    await resumeSearch(world.as("operator"), { cluster: CLUSTER, id: waits })
    expect(await until(waits, (now) => now.state === "done")).toMatchObject({ complete: true, matched: 120 })
  })

  it("tries again, when it is resumed, a partition that could not be asked for its range", async () => {
    const topic = await world.topic([{ value: "needle" }])
    const match = { kind: "contains", text: "needle" }
    const first = await search(topic, { match, partitions: [0, 2] })
    expect(first).toMatchObject({ complete: false, matched: 1, unread: [{ partition: 2 }] })
    const admin = kafkaClient().admin()
    await admin.connect()
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
    await admin.disconnect()
    await expect
      .poll(() => produce(kafkaClient(), topic, [{ partition: 2, value: "needle" }]))
      .toBeUndefined()
    await resumeSearch(world.as("operator"), { cluster: CLUSTER, id: first.id })
    const done = await until(first.id, (now) => now.state === "done" && now.matched === 2)
    expect(done).toMatchObject({ complete: true, records: 2, unread: [] })
    expect(await offsets(first.id)).toHaveLength(2)
  })

  it("never hangs on an expression made to hang", async () => {
    const topic = await world.topic([{ value: `${"a".repeat(50_000)}!` }])
    const found = await search(topic, { match: { kind: "pattern", text: "(a+)+$" } })
    expect(found).toMatchObject({ state: "done", matched: 0, complete: true })
    const inside = await search(topic, { match: { kind: "expression", text: "search(@.value, '(a|a)*$')" } })
    expect(inside.state).toBe("done")
  })

  it("says what is wrong with a question before it begins", async () => {
    const begin = (text: string) =>
      startSearch(world.as("operator"), ask(large, { match: { kind: "expression", text } }))
    await expect(begin("@.value.word = 'x'")).rejects.toMatchObject({ code: "bad_input" })
    await expect(begin("process.exit()")).rejects.toMatchObject({ code: "bad_input" })
  })
})

describe("searching masked messages", { timeout: 200_000 }, () => {
  it("does not find what is hidden, neither directly nor by asking for what it is not", async () => {
    const topic = await world.topic([
      { value: '{"card":"4111","order":1}' },
      { value: '{"card":"5222","order":2}' },
    ])
    const rule = { destination: topic, part: "value" as const, kind: "path" as const, how: "hide" as const }
    await addMaskingRule(world.as("admin"), { ...rule, expression: "$.card", on: null })
    const matched = async (match: object) => (await search(topic, { match })).matched
    expect(await matched({ kind: "contains", text: "4111" })).toBe(0)
    expect(await matched({ kind: "contains", text: "order" })).toBe(2)
    expect(await matched({ kind: "pattern", text: "411" })).toBe(0)
    expect(await matched({ kind: "expression", text: "@.value.card == '4111'" })).toBe(0)
    expect(await matched({ kind: "expression", text: "@.value.card != '4111'" })).toBe(2)
    await unmask(world.as("admin"), { cluster: CLUSTER, destination: topic, reason: "a customer asked" })
    const { id, matched: found } = await search(topic, { match: { kind: "contains", text: "4111" } }, "admin")
    expect(found).toBe(1)
    // What it asked, and which messages it found, would tell what they hide.
    const listed = await listSearches(world.as("viewer"), { cluster: CLUSTER, destination: topic })
    expect(listed.map((one) => one.id)).not.toContain(id)
    await expect(view(id)).rejects.toMatchObject({ code: "forbidden" })
    await expect(offsets(id)).rejects.toMatchObject({ code: "forbidden" })
    expect(await offsets(id, "admin")).toEqual(["0/0"])
    expect(await matched({ kind: "contains", text: "4111" })).toBe(0)
  })

  it("shows what it found only while nothing is hidden that was not hidden from it", async () => {
    const origin = unique("payments")
    const topic = await world.topic([
      { value: '{"card":"4111","order":1}' },
      { value: '{"card":"5222","order":2}' },
      { value: '{"card":"4111","order":3}', headers: { "kafka_dlt-original-topic": origin } },
    ])
    const { id } = await search(topic, { match: { kind: "contains", text: "4111" } })
    expect((await offsets(id)).toSorted()).toEqual(["0/0", "0/2"])
    const hide = (destination: string) =>
      addMaskingRule(world.as("admin"), {
        ...{ destination, part: "value", kind: "path", how: "hide", expression: "$.card", on: null },
      })

    // A copy of what is hidden now where it came from; the others are as they were.
    await hide(origin)
    expect(await offsets(id)).toEqual(["0/0"])
    const matches = await listMatches(world.as("operator"), matchesInput.parse({ cluster: CLUSTER, id }))
    expect(matches.problems).toEqual([expect.stringContaining("newer than the search")])
    expect(await fileOf(topic, id)).not.toContain('"offset":"2"')

    const rule = await hide(topic)
    for (const role of ["viewer", "operator"] as const)
      await expect(view(id, role)).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("start a new one"),
      })
    await expect(offsets(id)).rejects.toMatchObject({ code: "forbidden" })
    await expect(fileOf(topic, id)).rejects.toMatchObject({ code: "forbidden" })
    await expect(resumeSearch(world.as("operator"), { cluster: CLUSTER, id })).rejects.toMatchObject({
      code: "forbidden",
    })
    const listed = await listSearches(world.as("operator"), { cluster: CLUSTER, destination: topic })
    expect(listed).toEqual([])

    await unmask(world.as("admin"), { cluster: CLUSTER, destination: topic, reason: "a customer asked" })
    expect((await offsets(id, "admin")).toSorted()).toEqual(["0/0", "0/2"])
    await expect(resumeSearch(world.as("admin"), { cluster: CLUSTER, id })).rejects.toMatchObject({
      message: expect.stringContaining("start a new search"),
    })
    await removeMaskingRule(world.as("admin"), rule)
    expect(await offsets(id)).toEqual(["0/0"])
  })
})

/** What a download of a search's matches holds. */
async function fileOf(destination: string, id: string): Promise<string> {
  const ask = exportInput.parse({
    cluster: CLUSTER,
    destination,
    format: "jsonl",
    of: { kind: "search", id },
  })
  let text = ""
  for await (const line of exportMessages(world.as("operator"), ask, AbortSignal.timeout(60_000)))
    text += line
  return text
}
