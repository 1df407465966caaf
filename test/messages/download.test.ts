import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { syncFileClusters } from "#server/clusters/targets.ts"
import { signedIn, webWorld } from "#test/access/world.ts"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { GET, POST } from "../../app/api/messages/route.ts"

const ORIGIN = "http://localhost:3000"
const topic = unique("orders")

let world: Awaited<ReturnType<typeof webWorld>>
let viewer: { cookie: string }
beforeAll(async () => {
  world = await webWorld()
  const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
  const cluster = { name: "shop", slug: "shop", system: "kafka", intervalMs: 5000, connection }
  await syncFileClusters(world.web.store, world.web.vault, [cluster])
  const kafka = kafkaClient()
  await createTopic(kafka, topic, { partitions: 2 })
  await produce(kafka, topic, [
    { partition: 0, key: "a", value: '{"card":"4111","order":1}', headers: { trace: "00-ab" } },
    { partition: 0, key: null, value: null },
    { partition: 1, key: '=sum("a", 1)', value: '{"order":2}' },
    { partition: 1, key: "c", value: Buffer.from([0xff, 0xfe]) },
  ])
  await world.web.store.prisma.maskingRule.create({
    data: { destination: topic, part: "value", kind: "path", expression: "$.card", how: "hide" },
  })
  viewer = await signedIn(world.web, "viewer")
})
afterAll(() => world[Symbol.asyncDispose]())

const asked = (of: object, more: object = {}) =>
  new URLSearchParams({ ask: JSON.stringify({ cluster: "shop", destination: topic, of, ...more }) })

function download(query: URLSearchParams, cookie = viewer.cookie): Promise<Response> {
  return GET(new Request(`${ORIGIN}/api/messages?${query}`, { headers: { cookie } }))
}

const linesOf = async (answer: Response) =>
  (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

const ALL = { kind: "range", start: { at: "oldest" } }

describe("messages as a file", () => {
  it("has each of them on a line of JSON Lines, masked, as it can be sent again", async () => {
    const answer = await download(asked(ALL))
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${topic}.jsonl"`)
    const lines = await linesOf(answer)
    expect(lines).toMatchObject([
      { partition: 0, offset: "0", key: "a", headers: [{ name: "trace", value: "00-ab" }] },
      { partition: 0, offset: "1", key: null, value: null, headers: [] },
      { partition: 1, offset: "0", key: '=sum("a", 1)' },
      { partition: 1, offset: "1", key: "c" },
    ])
    expect(JSON.parse(lines[0].value)).toMatchObject({ order: 1 })
    expect(JSON.stringify(lines)).not.toContain("4111")
  })

  it("is in the audit log with what was taken, before the first line, and with none of its text", async () => {
    const positions = [{ partition: 1, offset: "0" }]
    await download(asked({ kind: "some", positions }, { format: "csv" }))
    await download(new URLSearchParams(`${asked({ kind: "one", partition: 1, offset: "0" })}&value`))
    const { prisma } = world.web.store
    const [value, chosen] = await prisma.auditEntry.findMany({ orderBy: { id: "desc" }, take: 2 })
    const act = { action: "message.export", cluster: "shop", target: `shop/${topic}`, result: "ok" }
    expect(value).toMatchObject({ ...act, after: { format: "bytes", of: { kind: "one", offset: "0" } } })
    expect(chosen).toMatchObject({ ...act, after: { format: "csv", of: { kind: "some", positions } } })
  })

  it("is CSV that a spreadsheet reads and does not take for a formula", async () => {
    const answer = await download(asked(ALL, { format: "csv" }))
    expect(answer.headers.get("content-type")).toContain("text/csv")
    const [head, first, second, third] = (await answer.text()).split("\r\n")
    expect(head).toBe("partition,offset,timestamp,key,value,headers")
    expect(first).toMatch(/^0,0,20\d\d-\d\d-\d\dT[\d:.]+Z,a,"{""card"":/)
    expect(first).not.toContain("4111")
    expect(second).toMatch(/Z,,,\[\]$/)
    expect(third).toMatch(/^1,0,[^,]+,"'=sum\(""a"", 1\)",/)
  })

  it("has those that were chosen, sent by a form, and not what is there no more", async () => {
    const positions = [
      { partition: 1, offset: "0" },
      { partition: 0, offset: "0" },
      { partition: 0, offset: "77" },
    ]
    const body = asked({ kind: "some", positions })
    const headers = { cookie: viewer.cookie }
    const answer = await POST(new Request(`${ORIGIN}/api/messages`, { method: "POST", headers, body }))
    const lines = await linesOf(answer)
    expect(lines.map(({ partition, offset }) => `${partition}/${offset}`)).toEqual(["1/0", "0/0"])
    expect(JSON.stringify(lines)).not.toContain("4111")
  })

  it("is the value alone where one is asked for, byte by byte where nothing is hidden", async () => {
    const query = asked({ kind: "one", partition: 0, offset: "0" })
    query.set("value", "")
    expect(await (await download(query)).text()).not.toContain("4111")
  })

  it("is refused to whom may not read messages, and no file where there is nothing to be read", async () => {
    const guest = await signedIn(world.web, null)
    const refused = await download(asked(ALL), guest.cookie)
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("viewer")])
    expect((await download(asked(ALL), "")).status).toBe(401)
    expect((await download(new URLSearchParams({ ask: "{" }))).status).toBe(400)
    expect((await download(asked(ALL, { cluster: "nowhere" }))).status).toBe(404)
    expect((await download(asked(ALL, { destination: "nothing", format: "csv" }))).status).toBe(404)
  })
})
