import { afterAll, beforeAll, expect, test } from "vitest"
import { type Desk, startDesk } from "./desk.ts"

const stack = new AsyncDisposableStack()
let desk: Desk

beforeAll(async () => {
  desk = stack.use(await startDesk())
})
afterAll(() => stack.disposeAsync())

/*
 * Fields live in the address. On a slow machine Next commits an address that is older than what was written meanwhile;
 * what is written next was then based on the older one, and a field that was filled in between was empty again.
 */
test("fields that are filled faster than the page draws keep what was filled", async () => {
  const { page } = desk
  await desk.go("/clusters/shop/new-topic")
  await page.getByRole("heading", { name: "Create a topic" }).waitFor()
  const form = page.getByRole("form", { name: "New" })
  const field = (label: string) => form.getByLabel(label, { exact: true })
  const slow = await page.context().newCDPSession(page)
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 8 })
  for (let round = 1; round <= 12; round += 1) {
    const filled = {
      Name: `parcels-${round}`,
      Partitions: `${round}`,
      Replicas: `${round + 1}`,
      Settings: `retention.ms=${round}`,
    }
    for (const [label, value] of Object.entries(filled)) {
      await field(label).fill(value)
      // The pace of a person, not a wait for anything.
      await page.waitForTimeout(30 * (round % 6))
    }
    await expect.poll(() => page.getByText("Validating…").count()).toBe(0)
    const there: Record<string, string> = {}
    for (const label of Object.keys(filled)) there[label] = await field(label).inputValue()
    expect(there).toEqual(filled)
  }
  await slow.detach()
})
