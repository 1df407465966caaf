import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { expect, it } from "vitest"
import { getTrace, search, searchInput } from "#server/traces/index.ts"
import { nanoseconds, requestOf } from "./requests.ts"
import { receiverWorld } from "./world.ts"

const REQUESTS = 24
const SPANS = 230
const MB = 1 << 20

/** As many spans as make 15 MB, which are small when they are packed. */
function requestOfLarge(traceId: Buffer, nth: number): Buffer {
  const attributes = [{ key: "payload", value: { stringValue: `${nth}`.padEnd(65_000, "x") } }]
  const start = Date.now() - nth
  const times = { startTimeUnixNano: nanoseconds(start), endTimeUnixNano: nanoseconds(start + 5) }
  return requestOf(
    traceId,
    Array.from({ length: SPANS }, () => ({ ...times, attributes })),
  )
}

it("a trace of 360 MB, which came packed, is read in part, and found in little memory", async () => {
  await using world = await receiverWorld()
  const traceId = randomBytes(16)
  for (let nth = 0; nth < REQUESTS; nth++) {
    const answer = await fetch(`${world.url}/v1/traces`, {
      method: "POST",
      body: new Uint8Array(gzipSync(requestOfLarge(traceId, nth))),
      headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
    })
    expect(answer.status).toBe(200)
  }
  const before = process.memoryUsage().rss
  const [trace, found] = await Promise.all([
    getTrace(world, { traceId: traceId.toString("hex"), limit: 100_000 }),
    search(
      world,
      searchInput.parse({
        ...{ q: '{ span.payload =~ "1x.*" }', from: Date.now() - 60_000, to: Date.now() + 60_000 },
        limit: 500,
      }),
    ),
  ])
  expect(trace.isCut).toBe(true)
  expect(trace.spans.length).toBeGreaterThan(100)
  expect(JSON.stringify(trace).length).toBeLessThan(40 * MB)
  expect(JSON.stringify(found).length).toBeLessThan(2 * MB)
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * MB)
})
