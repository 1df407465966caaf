import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { digestMinute } from "#server/traces/digest/digest.ts"
import { receiveSpans, shopOrder } from "#test/traces/shop-orders.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectGoodLooks } from "./looks.ts"

const MINUTE = 60_000
const ORDERS_A_MINUTE = 50
const MINUTES = 6

const stack = new AsyncDisposableStack()
let desk: Desk
let page: Page

beforeAll(async () => {
  desk = stack.use(await startDesk({ roles: ["web"] }))
  page = desk.page
  const { store } = desk.world
  const { prisma } = store
  const { id: clusterId } = await prisma.cluster.findUniqueOrThrow({
    where: { slug: "shop" },
    select: { id: true },
  })
  const topic = await prisma.destination.create({ data: { clusterId, name: "orders", partitions: 3 } })
  for (const [name, lag] of [
    ["shipping", 4321n],
    ["audit", 5n],
  ] as const) {
    const group = await prisma.consumerGroup.create({
      data: { clusterId, name, type: "consumer", state: "stable" },
    })
    const key = { groupId: group.id, destinationId: topic.id }
    await prisma.groupDestination.create({ data: { ...key, status: "behind", lag, timeLagMs: 42_000n } })
  }
  const start = Math.floor(Date.now() / MINUTE) * MINUTE - (MINUTES + 4) * MINUTE
  for (let m = 0; m < MINUTES; m++) {
    const at = start + m * MINUTE
    const orders = Array.from({ length: ORDERS_A_MINUTE }, (_, k) =>
      shopOrder({
        ...{ i: m * ORDERS_A_MINUTE + k, at: at + k * 1000 },
        version: m < 3 ? "1.4.0" : "1.5.0",
      }),
    )
    await receiveSpans(
      store,
      orders.flatMap((order) => order.spans),
    )
    await digestMinute(store, at + 2 * MINUTE)
  }
})

afterAll(() => stack.disposeAsync())

const rowOf = (name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) })

test("the services are listed, the worst first, and lead to the slowest trace", async () => {
  await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Services" }).click()
  await page.getByRole("heading", { name: "Services" }).waitFor()
  const table = page.getByRole("table", { name: "Services" })
  const first = table.locator("tbody tr").first()
  await expect.poll(() => first.textContent()).toMatch(/^payments9.1%/)
  expect(await table.locator("tbody tr").count()).toBe(5)
  expect(await rowOf("orders").textContent()).toContain("grpc")
  await table.getByRole("button", { name: "p95" }).click()
  await expect.poll(() => page.url()).toContain("sort=p95")
  await expect.poll(() => first.textContent()).toMatch(/^gateway/)
  await page.getByLabel("Filter services by name").fill("PAY")
  await expect.poll(() => table.locator("tbody tr").count()).toBe(1)
  await first.getByTitle("Trace of the slowest call").click()
  await page.getByRole("heading", { name: /^Trace|POST/ }).waitFor()
  await page.getByText("shop.Payments/Charge").first().waitFor()
})

test("a service says what stands out, in a sentence that leads to a trace", async () => {
  await desk.go("/services/orders")
  const finding = page.getByRole("region", { name: "What stands out" }).getByRole("listitem").first()
  await finding.getByText(/is called 1.1 times per .* retries after DEADLINE_EXCEEDED/).waitFor()
  await page.getByRole("figure", { name: "Duration" }).getByRole("button", { name: "Table" }).click()
  await page.getByText("version 1.5.0, after 1.4.0").waitFor()
  await page.getByRole("table", { name: "Operations" }).getByText("shop.Orders/Place").waitFor()
  await finding.getByRole("link", { name: "Open a trace" }).click()
  await expect.poll(() => page.url()).toMatch(/traces\/[0-9a-f]{32}/)
})

test("a consumer's page leads to the lag of its group, and no other group's", async () => {
  await desk.go("/services/shipping?tab=dependencies")
  const table = page.getByRole("table", { name: "Dependencies" })
  const orders = table.getByRole("row").filter({ hasText: "consumes from orders" })
  await expect.poll(() => orders.textContent()).toContain("lag 4,321")
  expect(await orders.textContent()).not.toContain("audit")
  await orders.getByRole("link", { name: "shipping", exact: true }).click()
  await expect.poll(() => page.url()).toContain("/clusters/shop/groups/shipping")
})

test("an objective is set on the page of a service, judged there and in the list, and watched by an alert", async () => {
  await desk.go("/services/payments")
  await page.getByRole("button", { name: "Set objective…" }).click()
  const form = page.getByRole("dialog", { name: "Objective of payments" })
  await form.getByLabel("Good calls, in percent").fill("101")
  await form.getByText("Enter a percentage from 50 to 99.999.").waitFor()
  await form.getByLabel("Good calls, in percent").fill("99.5")
  await form.getByText("Allows 1 bad call in 200.").waitFor()
  await form.getByLabel("Latency").fill("500ms")
  await expectAccessible(page, { overlay: true })
  await form.getByRole("button", { name: "Save" }).click()
  const strip = page.getByRole("region", { name: "Objective" })
  await strip.getByText(/^Objective: 99.5% of calls succeed within 500 ms. 1[01].\d+% of the calls/).waitFor()
  await strip.getByText(/the error budget burns 2[0-9.]+× as fast as the objective allows/).waitFor()
  await page.getByRole("link", { name: "Create alert" }).click()
  await page.getByRole("heading", { name: "New alert rule" }).waitFor()
  await expect.poll(() => page.getByLabel("Name").first().inputValue()).toBe("SLO burn rate of payments")
  await desk.go("/services")
  await expect.poll(() => rowOf("payments").textContent()).toMatch(/99.5% in 500 ms2\d/)
  await desk.go("/services/payments")
  await page.getByRole("button", { name: "Change objective…" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove objective" }).click()
  await page.getByRole("button", { name: "Set objective…" }).waitFor()
  await strip.waitFor({ state: "detached" })
})

test("points of the charts lead to a trace, and so does the table beside them", async () => {
  await desk.go("/services/payments")
  const errors = page.getByRole("figure", { name: "Errors" })
  await expect.poll(() => errors.locator(".example").count()).toBeGreaterThan(2)
  const figure = page.getByRole("figure", { name: "Duration" })
  await figure.locator(".example").first().click()
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/)
  await desk.go("/services/payments")
  await figure.getByRole("button", { name: "Table" }).click()
  await figure.getByText(/^Examples \(/).click()
  await figure
    .getByRole("link", { name: /^slowest call/ })
    .first()
    .click()
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/)
})

test("a range of days is shown", async () => {
  await desk.go("/services/orders?from=now-7d")
  await page.getByRole("table", { name: "Operations" }).getByText("shop.Orders/Place").waitFor()
  expect(await page.getByText(/days of the range are shown/).count()).toBe(0)
})

test("callers, callees, instances and errors of a service", async () => {
  await desk.go("/services/payments?tab=callers")
  const caller = page.getByRole("table", { name: "Callers" }).getByRole("row").nth(1)
  await expect.poll(() => caller.textContent()).toContain("orders")
  await page.getByText(/^From a sample of 300 traces/).waitFor()
  await page.getByRole("navigation", { name: "Service" }).getByRole("link", { name: "Errors" }).click()
  const cause = page.getByRole("table", { name: "Errors by cause" }).getByRole("row").nth(1)
  await expect
    .poll(() => cause.textContent())
    .toContain("StatusErrorcard o-<n> was not charged within <n> ms")
  await page.getByRole("navigation", { name: "Service" }).getByRole("link", { name: "Instances" }).click()
  const instance = page.getByRole("table", { name: "Instances" }).getByRole("row").nth(1)
  await expect.poll(() => instance.textContent()).toMatch(/payments-a.*2\.0\.1.*node-a/)
})

test("what nobody sent is unknown, not zero", async () => {
  await desk.go("/services/gateway?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z")
  const facts = page.getByRole("region", { name: "Summary" })
  await expect.poll(() => facts.textContent()).toContain("Errors–p50–p95–p99–")
  expect(await facts.textContent()).not.toContain("0%")
  await page.getByText("No data in this time range.").first().waitFor()
  await desk.go("/services/nobody")
  await page.getByText("has sent spans to this Signalbox").waitFor()
})

const ADDRESSES = [
  "/services",
  "/services/orders",
  "/services/orders?tab=callers",
  "/services/shipping?tab=dependencies",
  "/services/orders?tab=instances",
  "/services/payments?tab=errors",
]

test.for(ADDRESSES)("axe finds nothing, and nothing is wider than a phone, on %s", async (address) => {
  await desk.go(address)
  await expectGoodLooks(page)
})
