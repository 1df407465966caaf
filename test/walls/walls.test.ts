import { glob } from "node:fs/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { answerApi } from "#server/trpc/api.ts"
import { ORIGIN } from "#test/access/world.ts"
import { newMessage } from "#test/brokers/producer-contract.ts"
import { allProcedures } from "#test/trpc/procedures.ts"
import { seenUntil, until } from "#test/until.ts"
import { GET as getAudit } from "../../app/api/audit/route.ts"
import { GET as getMessages, POST as postMessages } from "../../app/api/messages/route.ts"
import { GET } from "../../app/api/trpc/[trpc]/route.ts"
import { APART, type Ask, DOORS, downloads, type Made, QUIET, ROUTES, values } from "./doors.ts"
import { leaksIn } from "./secrets.ts"
import { act, bodiesOf, CLUSTER, openWalls, type Reader, type Walls } from "./world.ts"

let walls: Walls
let made: Made
beforeAll(async () => {
  walls = await openWalls()
  made = await makeThings()
}, 300_000)
afterAll(() => walls?.[Symbol.asyncDispose]())

const READERS = ["nobody", "viewer", "operator", "cluster admin", "admin", "unmasked admin", "demoted admin"]
/** Who is tried with everything; of the others, each with every fourth question: no role but these differs in what it sees. */
const WITH_ALL = ["viewer", "unmasked admin", "demoted admin"]
const TOKENS = READERS.slice(1).map((name) => `token of ${name}`)

it("knows of every procedure whether it can answer with what stands in a message", () => {
  const known = [...Object.keys(DOORS), ...APART, ...Object.values(QUIET).flat()]
  expect(
    allProcedures()
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(known.toSorted())
})

it("knows every route", async () => {
  const found: string[] = []
  for await (const route of glob("app/**/route.ts")) found.push(route)
  expect(found.toSorted()).toEqual(Object.keys(ROUTES).toSorted())
})

describe.each([...READERS, ...TOKENS])("no masked value is told to: %s", (name) => {
  it.each(Object.keys(DOORS))("%s", async (path) => {
    const reader = readerOf(name)
    for (const ask of asksFor(name, DOORS[path]?.(made) ?? []))
      expectHidden(reader, ask, await asked(reader, path, ask))
  })

  it("downloads", async () => {
    const reader = readerOf(name)
    for (const ask of asksFor(name, downloads(made)))
      expectHidden(reader, ask, await file(reader, ask, getMessages))
    for (const ask of asksFor(name, values(made))) {
      expectHidden(reader, ask, await file(reader, ask, getMessages, "&value"))
      expectHidden(reader, ask, await file(reader, ask, getMessages))
    }
    const [first] = downloads(made)
    if (first) expectHidden(reader, first, await posted(reader, first))
  })

  it("the audit log as a file, and the HTTP API", async () => {
    const { headers } = readerOf(name)
    const answers = [
      await getAudit(new Request(`${ORIGIN}/api/audit?format=jsonl`, { headers })),
      await getAudit(new Request(`${ORIGIN}/api/audit?format=csv`, { headers })),
      ...(await Promise.all(
        [`plans/${made.plan}`, "resets"].map((path) =>
          answerApi(
            new Request(`${ORIGIN}/api/v1/clusters/${CLUSTER}/groups/walls/offsets/${path}`, { headers }),
          ),
        ),
      )),
    ]
    for (const answer of answers) {
      expectUncached(answer)
      expect(leaksIn(await answer.text())).toEqual([])
    }
  })
})

it("lets nobody but who has unmasked a topic see it, and them only that", async () => {
  const reader = readerOf("unmasked admin")
  const input = { cluster: CLUSTER, destination: walls.topics.path, start: { at: "oldest" } }
  const answer = await asked(reader, "messages.browse", { input })
  expect(leaksIn(answer.text)).not.toEqual([])
})

it("streams nothing masked as it arrives", async () => {
  const { path, pattern, patternDead, late } = walls.topics
  // What lies there is a copy only because it says so.
  const died = [{ key: "kafka_dlt-original-topic", value: Buffer.from(pattern) }]
  const left = new AbortController()
  const streams = await Promise.all(
    walls.people.flatMap((reader) =>
      [path, patternDead, late].map(async (destination) => {
        const response = await ask(reader, "messages.tail", { cluster: CLUSTER, destination }, left.signal)
        return { reader, ask: { input: destination, place: destination }, heard: listen(response) }
      }),
    ),
  )
  // A stream begins where its topic ends once it reads, so the first round may come in part only.
  const rounds = 2 * bodiesOf(path).length
  await until("every stream has told of two rounds, or has ended", async () => {
    for (const destination of [path, patternDead, late])
      await walls.send(
        bodiesOf(destination).map(({ headers, ...body }) =>
          newMessage(destination, { ...body, headers: [...headers, ...(destination === late ? died : [])] }),
        ),
      )
    return streams.every(({ heard }) => heard.isOver() || cameIn(heard.text()) >= rounds)
  })
  left.abort()
  await Promise.all(streams.map(({ heard }) => heard.over))
  for (const { reader, ask, heard } of streams) {
    if (reader.name !== "nobody") expect(cameIn(heard.text()), reader.name).toBeGreaterThanOrEqual(rounds)
    expectHidden(reader, ask, { status: 200, text: heard.text() })
  }
})

it("finds nothing masked by a search, whoever asks but who has unmasked it", async () => {
  const { path, patternDead, graveyard, late } = walls.topics
  for (const destination of [path, patternDead, graveyard, late])
    for (const match of [
      { kind: "contains", text: "492973" },
      { kind: "pattern", text: "4929|Winterm" },
      { kind: "expression", text: "search(@.value.card, '4929')" },
    ])
      for (const name of ["operator", "token of unmasked admin"]) {
        const { headers } = readerOf(name)
        const input = { cluster: CLUSTER, destination, question: { match } }
        const found = await searched(headers, input)
        expect(found, `${name}: ${match.text} in ${destination}`).toMatchObject({ state: "done", matched: 0 })
      }
})

it("replays nothing masked to where nothing hides it", async () => {
  for (const name of ["operator", "unmasked admin", "token of admin"])
    for (const { id, letters } of made.failures) {
      if (letters.every(({ destination }) => destination === walls.topics.open)) continue
      const input = { cluster: CLUSTER, id, order: { target: walls.topics.open }, upTo: "999999999" }
      await expect(act(readerOf(name).headers, "failures.startReplay", input)).rejects.toThrow("FORBIDDEN")
    }
  const sampled = await walls.broker.sample(
    { destinations: [walls.topics.open], groups: [] },
    AbortSignal.timeout(120_000),
  )
  expect(sampled.destinations[0]?.ends).toEqual([0n, 0n, 0n])
})

function asksFor(name: string, asks: Ask[]): Ask[] {
  const nth = [...READERS, ...TOKENS].indexOf(name)
  return WITH_ALL.includes(name) ? asks : asks.filter((_, i) => i % 4 === nth % 4)
}

function readerOf(name: string): Reader {
  const found = walls.people.find((one) => one.name === name)
  if (!found) throw new Error(`nobody is ${name}`)
  return found
}

interface Answer {
  status: number
  text: string | Buffer
}

function expectHidden(reader: Reader, { input, place, guess }: Ask, { status, text }: Answer): void {
  const what = `${reader.name}: ${JSON.stringify(input)}`
  if (!reader.unmasked.includes(place ?? "")) expect(leaksIn(text), what).toEqual([])
  // An error would hide everything, and prove nothing.
  if (reader.name === "admin" && !guess) expect([200, 403], `${what} ${text}`).toContain(status)
  expect(status, `${what} ${text}`).not.toBe(500)
}

/** What was shown to one person no cache may show to another, or to them when they may not see it any longer. */
function expectUncached({ headers, url }: Response): void {
  expect(headers.get("cache-control"), url).toContain("no-store")
}

async function asked(reader: Reader, path: string, { input }: Ask): Promise<Answer> {
  const left = AbortSignal.timeout(60_000)
  const response = await ask(reader, path, input, left)
  expectUncached(response)
  return { status: response.status, text: await response.text() }
}

function ask(
  { headers }: Pick<Reader, "headers">,
  path: string,
  input: unknown,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(`/api/trpc/${path}`, ORIGIN)
  if (input !== undefined) url.searchParams.set("input", JSON.stringify(input))
  return GET(new Request(url, { headers, signal }))
}

async function file(
  { headers }: Reader,
  { input }: Ask,
  get: typeof getMessages,
  more = "",
): Promise<Answer> {
  const url = `${ORIGIN}/api/messages?ask=${encodeURIComponent(JSON.stringify(input))}${more}`
  const response = await get(new Request(url, { headers }))
  expectUncached(response)
  return { status: response.status, text: Buffer.from(await response.arrayBuffer()) }
}

async function posted({ headers }: Reader, { input }: Ask): Promise<Answer> {
  const body = new URLSearchParams({ ask: JSON.stringify(input) })
  const response = await postMessages(
    new Request(`${ORIGIN}/api/messages`, { method: "POST", headers, body }),
  )
  expectUncached(response)
  return { status: response.status, text: await response.text() }
}

/** Reads a stream in the background, until it ends or is left. */
function listen(response: Response): { text(): string; isOver(): boolean; over: Promise<void> } {
  const decoder = new TextDecoder()
  let text = ""
  let isOver = false
  const read = async () => {
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true })
  }
  const over = read()
    .catch(() => undefined)
    .finally(() => {
      isOver = true
    })
  return { text: () => text, isOver: () => isOver, over }
}

/** How many messages a stream has told of. */
function cameIn(text: string): number {
  return [...text.matchAll(/"came":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
}

async function searched(headers: Record<string, string>, input: unknown) {
  const { id } = await act(headers, "messages.search", input)
  const found = async () => {
    const response = await ask(
      { headers },
      "messages.found",
      { cluster: CLUSTER, id },
      AbortSignal.timeout(60_000),
    )
    return (await response.json()).result?.data
  }
  return seenUntil(found, (view) => !["queued", "running"].includes(view?.state))
}

/** Failures and their letters, searches of who has unmasked and who has not, and a plan. */
async function makeThings(): Promise<Made> {
  const { topics } = walls
  const admin = readerOf("admin").headers
  const get = async (path: string, input: unknown) => {
    const response = await ask({ headers: admin }, path, input, AbortSignal.timeout(60_000))
    return (await response.json()).result.data
  }
  const { rows } = await get("failures.list", { state: "all", pageSize: 200 })
  const failures: Made["failures"] = []
  for (const { id, destination } of rows) {
    const letters = await get("failures.letters", { cluster: CLUSTER, id, pageSize: 200 })
    failures.push({ id, destination, letters: letters.rows })
  }
  const question = { match: { kind: "pattern", text: "\\d{16}|Winterm" } }
  const searches = []
  for (const [name, destination] of [
    ["unmasked admin", topics.path],
    ["operator", topics.pattern],
  ] as const) {
    const found = await searched(readerOf(name).headers, { cluster: CLUSTER, destination, question })
    searches.push({ id: found.id, destination })
  }
  const scope = [{ destination: topics.path }, { destination: topics.pathDead }]
  const strategy = { kind: "time", at: Date.now() - 60_000 }
  const { plan } = await act(admin, "offsets.preview", {
    cluster: CLUSTER,
    group: "walls",
    strategy,
    scope,
    create: true,
  })
  return { walls, failures, searches, plan }
}
