import { afterAll, beforeAll, expect, it } from "vitest"
import { readTraceFile } from "#server/traces/files/read-file.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, ORIGIN, signedIn, webWorld } from "#test/access/world.ts"
import { GET } from "../../app/api/traces/[id]/route.ts"
import { receiveSpans, shopOrder } from "./shop-orders.ts"

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

function download(id: string, { query = "", cookie = "" } = {}): Promise<Response> {
  const request = new Request(`${ORIGIN}/api/traces/${id}${query}`, { headers: { cookie } })
  return GET(request, { params: Promise.resolve({ id }) })
}

it("a trace is downloaded by whoever may see it, and read again as it was", async () => {
  const order = shopOrder({ i: 3, at: Date.now() - 60_000 })
  await receiveSpans(world.web.store, order.spans)
  const id = order.traceId.toString("hex")
  const { cookie } = await signedIn(world.web, "viewer")
  const caller = createCaller(await contextFrom(cookie))
  const stored = await caller.traces.get({ traceId: id })
  for (const format of ["otlp", "jaeger"]) {
    const answer = await download(id, { query: `?format=${format}`, cookie })
    expect(answer.status).toBe(200)
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="trace-${id}.${format}.json"`,
    )
    const [file] = readTraceFile(await answer.text())
    if (!file) throw new Error("The file has no trace.")
    expect(file.trace.spans).toEqual(stored.spans)
    const [span] = stored.spans
    if (!span) throw new Error("The trace has no span.")
    const detail = await caller.traces.span({ traceId: id, spanId: span.spanId, kind: span.kind })
    const sorted = (all: typeof detail.attributes) => all.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    expect(sorted(file.detail(span)?.attributes ?? [])).toEqual(sorted(detail.attributes))
  }
})

it("a download is refused to who may not see traces, and what is no trace is named", async () => {
  const id = "1".repeat(32)
  expect((await download(id)).status).toBe(401)
  const guest = await signedIn(world.web, null)
  expect((await download(id, guest)).status).toBe(403)
  const viewer = await signedIn(world.web, "viewer")
  expect((await download(id, viewer)).status).toBe(404)
  expect((await download("x", viewer)).status).toBe(400)
  expect((await download(id, { ...viewer, query: "?format=xml" })).status).toBe(400)
})
