import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { GET as healthz } from "../../app/healthz/route.ts"
import { GET as metrics } from "../../app/metrics/route.ts"
import { GET as readyz } from "../../app/readyz/route.ts"
import { ORIGIN, webWorld } from "./world.ts"

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe("/metrics", () => {
  it("is for whoever has the token", async () => {
    const response = await askMetrics({ authorization: "Bearer a token for metrics" })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain("process_cpu_seconds_total")
  })

  it.each<Record<string, string>>([
    {},
    { authorization: "Bearer another" },
    { authorization: "a token for metrics" },
  ])("is for nobody else: %j", async (headers) => {
    const response = await askMetrics(headers)
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain("process_")
  })
})

it("/healthz and /readyz need no sign-in", async () => {
  expect(healthz().status).toBe(200)
  expect((await readyz()).status).toBe(200)
})

it("/readyz says no as long as the database has no schema", async () => {
  await world.web.store.pool.query("alter table cluster rename to hidden")
  expect((await readyz()).status).toBe(503)
  await world.web.store.pool.query("alter table hidden rename to cluster")
  expect((await readyz()).status).toBe(200)
})

function askMetrics(headers: Record<string, string>): Promise<Response> {
  return metrics(new Request(`${ORIGIN}/metrics`, { headers }))
}
