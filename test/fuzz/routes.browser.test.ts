import { glob } from "node:fs/promises"
import { expect, test } from "vitest"
import { Dice } from "./http/dice.ts"
import { InputMaker } from "./http/input.ts"
import { mutateRequest } from "./http/mutate-request.ts"
import { type RawAnswer, type RawRequest, sendRaw } from "./http/raw.ts"
import { pageRoute, ROUTE_FILES, type Route } from "./http/routes.ts"
import { type FuzzedWeb, openFuzzedWeb } from "./http/world.ts"

/** All in all: mutated ones after one of each route as it is meant. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 4000)
/** A slower machine sends fewer in that time. */
const SECONDS = 45
const TOGETHER = 12

/** What an error looks like that nobody has put into words. */
const TRACE =
  /\n\s+at .+:\d+:\d+|node_modules|[\w-]\.tsx?:\d+|file:\/\/\/|PrismaClient|ECONNREFUSED|pg_catalog/
/** Of a procedure within a batch, whose own status is another. */
const BROKEN = /"data":\{"code":"INTERNAL_SERVER_ERROR"|"httpStatus":500/

/** Files without anything of anybody in them, which a browser keeps to show when it is offline. */
const KEPT = ["/offline.html", "/sw.js"]

test("every route is known", async () => {
  expect((await files("app/**/route.ts")).toSorted()).toEqual(Object.keys(ROUTE_FILES).toSorted())
})

test("no request, however it is made, breaks the server or learns what is secret", async () => {
  await using web = await openFuzzedWeb()
  const dice = new Dice("routes")
  const names = { cluster: "shop", destination: web.topic, group: "fuzzed", clusters: ["shop"] }
  const making = {
    dice,
    inputs: new InputMaker(dice, names),
    segments: { cluster: "shop", topic: web.topic, group: "fuzzed", plan: "made-up", id: "1", rest: "a/b" },
  }
  const routes = [
    ...Object.values(ROUTE_FILES).flatMap((of) => of()),
    ...(await files("app/**/page.tsx")).map(pageRoute),
  ]
  const until = Date.now() + SECONDS * 1000
  const failures: string[] = []
  let sent = 0
  let well = 0
  const ask = async (route: Route, oddity: number | null) => {
    const asked = web.signed(route.make({ ...making, oddity: oddity ?? 0 }), dice)
    const request = oddity === null ? asked : mutateRequest(asked, dice)
    sent += 1
    const answer = await sendRaw(web.port, request)
    if (answer.status === 200) well += 1
    const wrong = wrongIn(web, answer, KEPT.includes(route.name))
    if (wrong) failures.push(`${wrong}, ${route.name}: ${shown(request)}`)
  }
  // Each as it is meant, however long that takes; then anything.
  const meant = routes.values()
  const askOn = async () => {
    for (const route of meant) await ask(route, null)
    while (sent < REQUESTS && Date.now() < until) await ask(dice.pick(routes), dice.pick([0, 0.05, 0.3]))
  }
  await Promise.all(Array.from({ length: TOGETHER }, askOn))
  console.log(`${sent} requests to ${routes.length} routes; ${well} were answered with 200`)
  expect(failures.slice(0, 10)).toEqual([])
  // What only ever is refused at the door tries nothing.
  expect(well).toBeGreaterThan(sent / 50)
  const plain = { method: "GET", headers: { cookie: web.cookie }, body: null }
  expect(await sendRaw(web.port, { ...plain, path: "/healthz" })).toMatchObject({ status: 200, body: "ok\n" })
  expect(await sendRaw(web.port, { ...plain, path: "/api/trpc/access.me" })).toMatchObject({ status: 200 })
})

async function files(pattern: string): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob(pattern)) found.push(file)
  return found
}

/** What an answer must not be; null: nothing is wrong with it. */
function wrongIn(
  { secrets }: FuzzedWeb,
  { status, headers, body }: RawAnswer,
  mayBeKept: boolean,
): string | null {
  if (status !== null && status >= 500 && status !== 503) return `${status} ${body.slice(0, 300)}`
  // Everything is somebody's own; pages say so themselves.
  if (status === 200 && !mayBeKept && !/^cache-control\n.*no-store/im.test(headers))
    return `an answer that may be kept: ${headers}`
  if (BROKEN.test(body)) return `an answer of ${status} with a failure: ${BROKEN.exec(body)}`
  const trace = TRACE.exec(body)
  if (trace) return `a trace: ${body.slice(Math.max(0, trace.index - 100), trace.index + 200)}`
  const secret = secrets.find((one) => `${headers}\n${body}`.includes(one))
  return secret === undefined ? null : `a secret: ${secret.slice(0, 8)}…`
}

function shown({ method, path, headers, body }: RawRequest): string {
  const rest = body ? ` ${body.length} bytes ${body.toString("latin1").slice(0, 300)}` : ""
  return `${method} ${path.slice(0, 400)} ${JSON.stringify(headers).slice(0, 500)}${rest}`
}
