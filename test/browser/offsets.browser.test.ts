import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startMember } from "#test/brokers/member.ts"
import { described, type Shelf, shelf } from "#test/offsets/world.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectNarrow } from "./looks.ts"

const stack = new AsyncDisposableStack()
let desk: Desk
let page: Page
let stopped: Shelf

const HOUR = 3_600_000

/** Yesterday at nine, where the browser is. */
function yesterdayAtNine(): Date {
  const at = new Date()
  at.setDate(at.getDate() - 1)
  at.setHours(9, 0, 0, 0)
  return at
}

beforeAll(async () => {
  // A message a minute from half past eight: the one of nine o'clock is number 30.
  stopped = await shelf({ 0: 60, 1: 40 }, yesterdayAtNine().getTime() - HOUR / 2)
  desk = stack.use(await startDesk())
  page = desk.page
})

afterAll(() => stack.disposeAsync())

test("an operator resets a stopped group to yesterday 09:00, sees the mark, and undoes it", async () => {
  const { topic, group } = stopped
  await desk.go(`/lag?q=${group}`)
  await page.getByRole("link", { name: group, exact: true }).first().click()
  await page.getByRole("link", { name: "Reset offsets" }).click()
  await page.getByRole("heading", { name: `Reset offsets of ${group}` }).waitFor()
  const nine = yesterdayAtNine()
  const local = new Date(nine.getTime() - nine.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
  await page.getByRole("textbox", { name: /^Date and time/ }).fill(local)
  await expectAccessible(page)
  await expectNarrow(page)
  await page.getByRole("button", { name: "Preview" }).click()

  await page.getByText(`40 messages are read again by ${group}.`).waitFor()
  await page.getByText(`${group} has no members.`).waitFor()
  await page
    .getByRole("row", { name: `${topic} / 0` })
    .getByRole("button", { name: "Open" })
    .click()
  await page.getByRole("region", { name: "Value" }).getByText("order 30").waitFor()
  await expectAccessible(page)
  await expectNarrow(page)

  await page.getByRole("button", { name: "Apply", exact: true }).click()
  await page.getByText("2 of 2 partitions were updated and verified.").waitFor()
  expect(await described(group)).toEqual({ [`${topic}/0`]: 30, [`${topic}/1`]: 30 })
  const plan = page.url()

  await desk.go(`/clusters/shop/groups/${group}`)
  const mark = page.locator(".mark").first()
  await mark.waitFor()
  expect(await mark.getAttribute("title")).toContain(`reset by ${desk.world.login.email}: ${group} to `)
  await page.getByRole("button", { name: "Table" }).first().click()
  await page.getByRole("list", { name: "What happened meanwhile" }).waitFor()

  await page.goto(plan)
  await page.getByRole("button", { name: "Undo…" }).click()
  await page.getByRole("heading", { name: `${group} back to where it stood before` }).waitFor()
  await page.getByRole("button", { name: "Apply", exact: true }).click()
  await page.getByText("2 of 2 partitions were updated and verified.").waitFor()
  expect(await described(group)).toEqual({ [`${topic}/0`]: 60, [`${topic}/1`]: 40 })
  await page.getByRole("link", { name: "Offsets", exact: true }).click()
  await expect.poll(() => page.getByRole("table", { name: "Resets" }).locator("tbody tr").count()).toBe(2)
  await expectAccessible(page)
})

test("a plan for an active group names its members, is armed, and is applied when they leave", async () => {
  const { topic, group } = await shelf()
  const member = await startMember({ topic, group, protocol: "classic", clientId: "billing-7" })
  await desk.go(`/clusters/shop/groups/${group}/offsets?to=earliest&topics=${topic}`)
  await page.getByRole("button", { name: "Preview" }).click()
  await page.getByText("Members: billing-7 on 127.0.0.1.").waitFor()
  expect(await page.getByRole("button", { name: "Apply", exact: true }).isDisabled()).toBe(true)
  await page.getByRole("button", { name: "Apply once the group is stopped" }).click()
  await page.getByText(`Armed by ${desk.world.login.email}`).waitFor()
  await expectAccessible(page)
  const plan = page.url()
  await page.goto(desk.world.login.url)
  await page.getByRole("region", { name: "Armed resets" }).getByRole("link", { name: group }).waitFor()
  await member.stop()
  await page.goto(plan)
  await page.getByText("2 of 2 partitions were updated and verified.").waitFor()
  expect(await described(group)).toEqual({ [`${topic}/0`]: 0, [`${topic}/1`]: 0 })
})
