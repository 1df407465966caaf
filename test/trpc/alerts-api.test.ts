import { afterAll, beforeAll, expect, it } from "vitest"
import { z } from "zod"
import { ensureDefaultRules } from "#server/alerts/index.ts"
import { describeApi } from "#server/trpc/api.ts"
import { ORIGIN, signedIn, webWorld } from "#test/access/world.ts"
import { DELETE, GET, POST, PUT } from "../../app/api/v1/[...path]/route.ts"

let world: Awaited<ReturnType<typeof webWorld>>
const cookies: Record<string, string> = {}
beforeAll(async () => {
  world = await webWorld()
  for (const role of ["admin", "operator", "viewer"] as const)
    cookies[role] = (await signedIn(world.web, role)).cookie
  await ensureDefaultRules(world.web.store)
})
afterAll(() => world[Symbol.asyncDispose]())

const METHODS = { GET, POST, PUT, DELETE }

async function ask(
  method: keyof typeof METHODS,
  path: string,
  { as = "admin", body }: { as?: string; body?: object } = {},
) {
  const response = await METHODS[method](
    new Request(`${ORIGIN}/api/v1${path}`, {
      method,
      headers: { cookie: cookies[as] ?? "", origin: ORIGIN, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  )
  const text = await response.text()
  return { status: response.status, body: text === "" ? undefined : z.json().parse(JSON.parse(text)) }
}

const listedRules = z.object({
  rules: z.array(z.looseObject({ id: z.string() })),
  signals: z.array(z.looseObject({ id: z.string() })),
})
const rule = {
  name: "Orders wait",
  signal: "lag",
  condition: { op: ">", threshold: 1000, clear: 100 },
  forMs: 60_000,
  scope: { include: ["orders-*"] },
  severity: "warning",
}

it("adds, replaces and deletes rules", async () => {
  const { status, body } = await ask("POST", "/rules", { body: { rule } })
  expect([status, body]).toEqual([200, { id: "orders-wait" }])
  const listed = async () => (await ask("GET", "/rules", { as: "viewer" })).body
  const { rules, signals } = listedRules.parse(await listed())
  expect(rules.find((one) => one.id === "orders-wait")).toMatchObject({ enabled: true, revision: 1, rule })
  expect(signals.find((one) => one.id === "lag")).toMatchObject({ unit: "messages" })
  const changed = { ...rule, severity: "critical" }
  expect(await ask("PUT", "/rules/orders-wait", { body: { revision: 1, rule: changed } })).toMatchObject({
    status: 200,
  })
  expect(await ask("PUT", "/rules/orders-wait", { body: { revision: 1, rule } })).toMatchObject({
    status: 409,
  })
  expect(await ask("POST", "/rules", { as: "operator", body: { rule } })).toMatchObject({ status: 403 })
  expect(await ask("DELETE", "/rules/orders-wait?revision=2")).toMatchObject({ status: 200 })
  expect(JSON.stringify(await listed())).not.toContain("Orders wait")
})

it("silences, and ends a silence", async () => {
  const silence = {
    matchers: [{ label: "group", op: "=", value: "billing" }],
    endsAt: Date.now() + 3_600_000,
    comment: "deploying",
  }
  expect(await ask("POST", "/silences", { as: "viewer", body: silence })).toMatchObject({ status: 403 })
  const { body } = await ask("POST", "/silences", { as: "operator", body: silence })
  const { id } = z.object({ id: z.string() }).parse(body)
  expect((await ask("GET", "/silences", { as: "viewer" })).body).toMatchObject({
    rows: [{ id, state: "active", mayEnd: false }],
  })
  expect(await ask("POST", `/silences/${id}/end`, { as: "operator", body: {} })).toMatchObject({
    status: 200,
  })
  expect((await ask("GET", "/silences")).body).toMatchObject({ rows: [{ id, state: "ended" }] })
})

it("lists what fires, and acknowledges it", async () => {
  const { prisma } = world.web.store
  const { id: clusterId } = await prisma.cluster.create({
    data: { slug: "eu", name: "eu", system: "kafka", source: "page", connection: "" },
  })
  const one = (state: string, severity: string) =>
    prisma.alert.create({
      data: {
        ruleId: "data-loss",
        clusterId,
        series: severity,
        fingerprint: severity,
        state,
        severity,
        labels: { cluster: "eu", severity },
        sentence: `It is ${severity}.`,
        memory: {},
        startedAt: new Date(),
        firedAt: new Date(),
      },
    })
  const { id } = await one("firing", "warning")
  await one("firing", "critical")
  await one("resolved", "info")
  expect((await ask("GET", "/alerts?clusters=eu&pageSize=1&page=2", { as: "viewer" })).body).toMatchObject({
    rows: [{ id: String(id), severity: "warning", silence: null }],
    total: 2,
    firing: { critical: 1, warning: 1, info: 0 },
  })
  expect((await ask("GET", "/alerts?state=resolved")).body).toMatchObject({ total: 1 })
  const acknowledge = { as: "operator", body: { comment: "on it" } }
  expect(await ask("POST", `/alerts/${id}/acknowledge`, acknowledge)).toMatchObject({ status: 200 })
  expect(await ask("POST", "/alerts/99/acknowledge", acknowledge)).toMatchObject({ status: 404 })
  expect((await ask("GET", "/alerts?clusters=eu")).body).toMatchObject({
    firing: { critical: 1, warning: 0 },
  })
})

it("is described", () => {
  const { paths } = describeApi(ORIGIN)
  expect(
    Object.keys(paths ?? {})
      .filter((path) => /^\/(alerts|rules|silences)/.test(path))
      .sort(),
  ).toEqual([
    "/alerts",
    "/alerts/{id}/acknowledge",
    "/rules",
    "/rules/{id}",
    "/silences",
    "/silences/{id}/end",
  ])
})
