import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { z } from "zod"
import { type Receiver, startReceiver } from "#scripts/stack/receiver.ts"
import type { Notification } from "#server/alerts/channels/notification.ts"
import { ensureDefaultRules } from "#server/alerts/index.ts"
import { rule } from "#server/alerts/rule.ts"
import { choose, optionsOf } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { failingPayment } from "./failing-payment.ts"
import { expectAccessible, expectGoodLooks } from "./looks.ts"

const stack = new AsyncDisposableStack()
let desk: Desk
let page: Page
let receiver: Receiver

beforeAll(async () => {
  const payment = stack.use(await failingPayment(["12,50", "19.90", "7,99"]))
  desk = stack.use(await startDesk({ bootstrap: payment.bootstrap }))
  receiver = stack.use(await startReceiver())
  page = desk.page
})

afterAll(() => stack.disposeAsync())

const iconOf = () =>
  page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel~="icon"]')?.href ?? "")

const notifications = () =>
  receiver.received.map(({ body }) => JSON.parse(body) as Notification).filter((one) => one.kind === "alerts")

test("adds a channel, and sees what the receiver answers to a test", async () => {
  await desk.go("/alerts?tab=channels")
  await page.getByText("No channels yet").waitFor()
  await expectAccessible(page)
  const form = page.getByRole("region", { name: "New channel" })
  await form.getByLabel("Name", { exact: true }).fill("Hook")
  await form.getByLabel("URL", { exact: true }).fill(`${receiver.url}/hook`)
  await form.getByLabel("Signing secret").fill("s3cret")
  await page.getByRole("button", { name: "Add channel" }).click()
  await page.getByRole("button", { name: "Send a test to Hook" }).click()
  await page.getByText("The receiver answered: 200 taken").waitFor()
  expect(receiver.received.map((one) => one.path)).toEqual(["/hook"])
  receiver.answer(500)
  await page.getByRole("button", { name: "Send a test to Hook" }).click()
  await page.getByText("The test was not delivered: The receiver answered 500 not now.").waitFor()
  receiver.answer(200)
  await expectAccessible(page)
})

test("shows a channel that delivers nothing, with what to do, until a test is taken", async () => {
  await desk.world.store.prisma.alertChannel.updateMany({
    where: { name: "Hook" },
    data: {
      failures: 3,
      failingSince: new Date(Date.now() - 600_000),
      problem: "The receiver answered 503 not now",
    },
  })
  await desk.go("/alerts?tab=channels")
  const row = page.getByRole("table", { name: "Channels" }).locator("tbody tr", { hasText: "Hook" })
  await row.getByText("The receiver answered 503 not now").waitFor()
  const advice = row.getByText(/3 times in a row\. Fix the receiver/)
  await advice.waitFor()
  await expectAccessible(page)
  await page.getByRole("button", { name: "Send a test to Hook" }).click()
  await advice.waitFor({ state: "detached" })
})

test("has a form for each kind of channel", async () => {
  await desk.go("/alerts?tab=channels")
  const form = page.getByRole("region", { name: "New channel" })
  const kind = form.getByLabel("Kind")
  for (const label of await optionsOf(kind)) {
    await choose(kind, label)
    await form.getByLabel(/^(Webhook URL|Workflow URL|URL|SMTP host|Integration key|API key)$/).waitFor()
  }
  await choose(kind, "Alertmanager")
  await choose(form.getByLabel("Sign-in"), "Bearer token")
  await form.getByLabel("Token").waitFor()
  await expectAccessible(page)
})

test("is told of failing messages, on the page and by the channel, and acknowledges", async () => {
  const { store } = desk.world
  await ensureDefaultRules(store)
  // The shop's ledger wants two replicas in sync, and this Kafka has one broker: rightly an alert, but of another story.
  await store.prisma.alertRule.update({ where: { id: "under-min-isr" }, data: { enabled: false } })
  await desk.go("/alerts")
  const rows = page.getByRole("list", { name: "Firing alerts" }).getByRole("listitem")
  const fails = rows.filter({ hasText: "NumberFormatException" })
  await fails.waitFor({ timeout: 120_000 })
  // The sentence of the exception quotes the message; it stays out of what leaves the house.
  expect(await fails.textContent()).not.toContain("12,50")
  await expect.poll(notifications, { timeout: 60_000 }).not.toEqual([])
  expect(JSON.stringify(notifications())).not.toContain("12,50")
  expect(notifications()[0]?.alerts[0]).toMatchObject({ status: "firing", event: "fired" })
  await expectAccessible(page)
  await expectGoodLooks(page)
  // The tab says it too, for whoever looks at another one.
  await expect.poll(() => page.title()).toMatch(/^\(\d+\) Alerts · Signalbox$/)
  await expect.poll(iconOf).toMatch(/^data:image\/svg\+xml,.*text/)
  const before = await page.locator(".place-badge", { hasText: "firing" }).textContent()
  await fails.getByRole("button", { name: /^Acknowledge/ }).click()
  await fails.getByText(/^acknowledged by/).waitFor()
  await expect
    .poll(async () => {
      const badge = page.locator(".place-badge", { hasText: "firing" })
      return (await badge.count()) === 0 ? "" : badge.textContent()
    })
    .not.toBe(before)
  // Its page is where notifications lead.
  await fails
    .getByRole("link", { name: /NumberFormatException/ })
    .first()
    .click()
  await page.getByRole("heading", { name: "Messages fail" }).waitFor()
  const { pathname } = new URL(page.url())
  expect(notifications()[0]?.alerts.map((alert) => new URL(alert.url).pathname)).toContain(pathname)
  await page.getByRole("button", { name: /^Unacknowledge/ }).click()
  await page.getByLabel("Comment").fill("Rolling the deploy back")
  await page.getByRole("button", { name: "Acknowledge", exact: true }).click()
  await page
    .getByRole("list", { name: "What happened" })
    .getByText(/^acknowledged by .*: Rolling the deploy back$/)
    .waitFor()
  await expectGoodLooks(page)
  await page.getByRole("link", { name: "Open", exact: true }).click()
  await page.getByRole("heading", { name: "payment: NumberFormatException" }).waitFor()
})

test("tells of an alert that fires once in this browser, in whichever tabs, if it is asked to", async () => {
  await desk.context.grantPermissions(["notifications"], { origin: desk.world.login.url })
  const other = await desk.context.newPage()
  // A page in the background does not finish what moves: it must not stay for the next tests.
  onTestFinished(() => other.close())
  for (const tab of [page, other]) {
    // What a browser has shown cannot be asked for: so what it is told to show is noted on the way.
    await tab.addInitScript(() => {
      const shown: string[] = []
      const construct = (
        real: typeof Notification,
        [title, options]: ConstructorParameters<typeof Notification>,
      ) => {
        shown.push(`${options?.tag}: ${title}`)
        return new real(title, options)
      }
      Object.assign(window, { Notification: new Proxy(Notification, { construct }), shown })
    })
    await desk.go("/alerts", tab)
  }
  const toggle = page.getByRole("switch", { name: "Notifications in this browser" })
  expect(await toggle.isChecked()).toBe(false)
  await toggle.click()
  await expect.poll(() => toggle.isChecked()).toBe(true)
  await expect.poll(() => other.getByRole("switch").isChecked()).toBe(true)
  const { store } = desk.world
  const definition = rule.parse({
    ...{ name: "Any lag", signal: "lag", severity: "warning", condition: { op: ">=", threshold: 0 } },
    scope: { include: ["payment"] },
  })
  await store.prisma.alertRule.create({
    data: { id: "any-lag", source: "page", updatedBy: "test", definition },
  })
  const shown = async () => {
    const both = await Promise.all(
      [page, other].map((tab) => tab.evaluate(() => Reflect.get(window, "shown"))),
    )
    return z
      .array(z.string())
      .parse(both.flat())
      .filter((one) => one.includes("Any lag"))
  }
  await expect
    .poll(shown, { timeout: 60_000 })
    .toEqual([expect.stringMatching(/^signalbox-alert-\d+: Any lag \(warning\) on shop$/)])
  await store.prisma.alertRule.update({ where: { id: "any-lag" }, data: { enabled: false, revision: 2 } })
})

test("shows on the charts of a group and a topic when alerts on them fired, and over time when each did", async () => {
  const group = await desk.world.store.prisma.alert
    .findFirstOrThrow({ where: { state: "firing", sentence: { contains: "NumberFormatException" } } })
    .then(({ labels }) => labels as { group: string; destination: string })
  await desk.go(`/clusters/shop/groups/${group.group}?from=now-15m`)
  const listed = page.getByRole("table", { name: "Alerts in this time range" })
  await listed.getByRole("link", { name: "Messages fail" }).first().waitFor()
  const band = page.locator(".u-over .band[title^='Messages fail']").first()
  await band.waitFor()
  expect(await band.getAttribute("title")).toMatch(/^Messages fail \(.*\) was firing, .* to now$/)
  await page.getByRole("button", { name: "Table" }).first().click()
  await page
    .getByRole("link", { name: /^Messages fail .* was firing/ })
    .first()
    .waitFor()
  await expectAccessible(page)
  await desk.go(`/clusters/shop/topics/${group.destination}?from=now-15m`)
  await listed.getByRole("link", { name: "Messages fail" }).first().click()
  const chosen = page.getByRole("region", { name: "Alert", exact: true })
  await chosen
    .getByRole("list", { name: "What happened" })
    .getByText("acknowledged by ada@example.com", { exact: true })
    .waitFor()
  const timeline = page.getByRole("region", { name: "Timeline" })
  await page.getByRole("button", { name: "Time range" }).click()
  await page.getByRole("button", { name: "Last 15 minutes" }).click()
  const bar = timeline.getByRole("button", { name: /^Messages fail, .*firing since .*acknowledged since/ })
  await bar.focus()
  await timeline.locator("p[aria-live]", { hasText: "acknowledged since" }).waitFor()
  expect(await bar.getAttribute("aria-pressed")).toBe("true")
  await page.keyboard.press("Enter")
  await chosen.waitFor({ state: "detached" })
  await page.keyboard.press("Enter")
  await chosen.waitFor()
  await expectAccessible(page)
  await expectGoodLooks(page)
  await timeline.getByRole("button", { name: "Table" }).click()
  await page.getByRole("table", { name: "Alerts over time" }).getByText("Messages fail").first().waitFor()
  await expectAccessible(page)
})

test("silences an alert from its row, and says who would be told of one", async () => {
  await desk.go("/alerts")
  await page
    .getByRole("link", { name: /^Silence: .*NumberFormatException/ })
    .first()
    .click()
  const form = page.getByRole("region", { name: "New silence" })
  await form.getByText(/^Mutes 1 alert that fires now/).waitFor()
  await form.getByLabel("Alerts that match").fill("signal=failure-* cluster!=nowhere")
  await form.getByText(/^Mutes \d+ alerts? that fires? now/).waitFor()
  await form.getByLabel("Alerts that match").fill("signal=~nothing")
  await form.getByText("Write matchers like").waitFor()
  await form.getByLabel("Alerts that match").fill("signal=failure-*")
  await choose(form.getByLabel("Silenced"), "every week, as a maintenance window")
  await expectAccessible(page)
  await choose(form.getByLabel("Silenced"), "for 1 hour")
  await form.getByLabel("Why").fill("Deploying payments")
  await form.getByRole("button", { name: "Silence" }).click()
  const row = page.getByRole("table", { name: "Silences" }).locator("tbody tr")
  await row.getByText("Deploying payments").waitFor()
  await row.getByText("active").waitFor()
  await expectAccessible(page)
  await expectGoodLooks(page)
  // The overview has the same list, and says the same of it.
  await desk.go("/")
  await page
    .getByRole("region", { name: "Needs attention" })
    .getByRole("listitem")
    .filter({ hasText: "NumberFormatException" })
    .getByText(/on shop · acknowledged by .* · silenced/)
    .waitFor()
  await desk.go("/alerts?tab=channels")
  const who = page.getByRole("region", { name: "Who would be notified?" })
  await who.getByLabel("Labels of an alert").fill("severity=critical signal=failure-state")
  await who.getByText("Everything").waitFor()
  await who.getByText("Nobody now: the silence").waitFor()
  await page.getByRole("button", { name: "Add a route" }).click()
  const route = page.getByRole("group", { name: "Critical alerts" })
  await choose(route.getByLabel("If nobody acknowledges within"), "15 minutes")
  await expectAccessible(page)
  await expectGoodLooks(page)
  await page.getByRole("button", { name: "Save routes" }).click()
  await who.getByText(/after 15 m without an acknowledgement also Hook/).waitFor()
  await page.getByRole("button", { name: "Remove Critical alerts" }).click()
  await page.getByRole("button", { name: "Save routes" }).click()
  await who.getByText(/after 15 m/).waitFor({ state: "detached" })
  // What fires explains another from now on, and is named as its cause.
  await page.getByRole("button", { name: "Add an explanation" }).click()
  const explanation = page.getByRole("group", { name: /^Explanation/ }).last()
  await explanation.getByLabel("Cause").fill("signal=failure-state")
  await explanation.getByLabel("Explains").fill("")
  expect(await page.getByRole("button", { name: "Save routes" }).isDisabled()).toBe(true)
  await explanation.getByLabel("Explains").fill("signal=lag")
  await expectGoodLooks(page)
  await page.getByRole("button", { name: "Save routes" }).click()
  await who.getByLabel("Labels of an alert").fill("signal=lag cluster=shop")
  await who.getByText(/^Nobody now: it is explained by “.*NumberFormatException/).waitFor()
  await desk.go("/alerts?tab=silences")
  await page.getByRole("button", { name: "End now: signal=failure-*" }).click()
  await row.getByText("ended").waitFor()
})

test("tries a rule on history, switches it off, and finds what it said in the history", async () => {
  await desk.go("/alerts?tab=rules")
  await page.getByRole("button", { name: "Test on history: Cluster not sampled" }).click()
  await page.getByRole("heading", { name: "Cluster not sampled on history" }).waitFor()
  await page
    .getByText(/^Would (not )?have fired|^No history is stored yet|^This rule watches nothing/)
    .waitFor()
  await expectAccessible(page)
  await expectGoodLooks(page)
  const enabled = page.getByRole("switch", { name: "Messages fail is on" })
  await enabled.click()
  await expect.poll(() => enabled.isChecked()).toBe(false)
  await desk.go("/alerts?tab=history")
  await expect
    .poll(
      async () => {
        await page.reload()
        return page
          .getByRole("table", { name: "Resolved alerts" })
          .textContent()
          .catch(() => "")
      },
      { timeout: 240_000 },
    )
    .toContain("NumberFormatException")
  await expectAccessible(page)
  await expect.poll(() => notifications().at(-1)?.status, { timeout: 120_000 }).toBe("resolved")
})
