import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { syncFileRules } from "#server/alerts/index.ts"
import { parseConfigFile } from "#server/clusters/index.ts"
import { BucketBuilder, type Store, writeSignalBuckets } from "#server/store/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { choose, chosen } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectGoodLooks } from "./looks.ts"

const MINUTE = 60_000
const stack = new AsyncDisposableStack()
const [topic, group] = [unique("rules"), unique("rules-reader")]
let desk: Desk
let page: Page

beforeAll(async () => {
  const kafka = kafkaClient()
  await createTopic(kafka, topic, { partitions: 1 })
  await produce(
    kafka,
    topic,
    Array.from({ length: 150 }, (_, i) => ({ partition: 0, value: `${i}` })),
  )
  await commit(kafka, group, { topic, offsets: { 0: 0 } })
  desk = stack.use(await startDesk({ bootstrap: inject("kafkaBootstrap") }))
  page = desk.page
  await seedHistory(desk.world.store)
})
afterAll(() => stack.disposeAsync())

/** Three hours of the lag of another group: high for 30 minutes once, and for a minute eight times. */
async function seedHistory(store: Store): Promise<void> {
  const { id: clusterId } = await store.prisma.cluster.findFirstOrThrow({ select: { id: true } })
  const { id } = await store.prisma.signalSeries.create({
    data: { clusterId, subject: "group", key: "seeded", labels: { group: `${group}-old` } },
    select: { id: true },
  })
  const now = Math.floor(Date.now() / MINUTE) * MINUTE
  for (let ago = 180; ago > 2; ago--) {
    const high = (ago > 60 && ago <= 90) || (ago > 90 && ago % 11 === 0)
    const value = high ? 400 : 30 + (ago % 7)
    const bucket = new BucketBuilder()
    bucket.add(id, { low: value, high: value, last: value })
    const signals = new Map([["lag", bucket.build()]])
    await writeSignalBuckets(store.pool, "1m", { clusterId, at: now - ago * MINUTE, signals })
  }
}

test("writes a rule from a group's page, tries it while writing, saves it, and sees it fire", async () => {
  await desk.go(`/clusters/shop/groups/${group}`)
  await page.getByRole("link", { name: "Create alert" }).click()
  await page.getByRole("heading", { name: "New alert rule" }).waitFor()
  expect(await chosen(page.getByLabel("Signal"))).toBe("Lag")
  expect(await page.getByLabel("Names to include").inputValue()).toBe(group)
  expect(await page.getByLabel("shop").isChecked()).toBe(true)
  await page.getByLabel("Names to include").fill(`${group}*`)
  await page.getByLabel("Threshold").fill("100")
  await page.getByLabel("For", { exact: true }).fill("0s")
  const history = page.getByRole("region", { name: "On history" })
  await history.getByText(/Would have fired/).waitFor()
  // How long it would have been pending matters: with 5 minutes only the long episode is left.
  await page.getByLabel("For", { exact: true }).fill("5m")
  await history.getByText("Would have fired 1 time, on 1 of").waitFor()
  await expectGoodLooks(page)
  await page.getByLabel("Clears at").fill("500")
  await page.getByText("clears at a value of at most 100").waitFor()
  expect(await page.getByRole("button", { name: "Create rule" }).isDisabled()).toBe(true)
  await page.getByLabel("Clears at").fill("50")
  await page.getByLabel("For", { exact: true }).fill("0s")
  await page.getByLabel("Message", { exact: true }).fill("{{ group }} waits with {{ value | shout }}")
  await page.getByText(/undefined filter: shout/).waitFor()
  await page
    .getByLabel("Message", { exact: true })
    .fill("{{ group }} waits with {{ value }} of {{ threshold }}")
  await page.getByText(`Would say: ${group}-old waits with 400 of 100`).waitFor()
  await history.getByText(/Would have fired \d+ times, \d+ of them under 2 minutes, on/).waitFor()
  await history
    .getByRole("table", { name: "Series that would have fired" })
    .getByText(`${group}-old`)
    .waitFor()
  await expectGoodLooks(page)
  await page.getByLabel("Name", { exact: true }).fill("Rules lag")
  await page.getByRole("button", { name: "Create rule" }).click()
  await page.getByRole("heading", { name: "Rules lag" }).waitFor()
  expect(new URL(page.url()).pathname).toBe("/alerts/rules/rules-lag")
  await expect
    .poll(
      async () => {
        await desk.go("/alerts")
        return page.getByText(`${group} waits with 150 of 100`).count()
      },
      { timeout: 60_000, interval: 1000 },
    )
    .toBe(1)
  await desk.go("/alerts/rules/rules-lag")
  await page.getByText("1 alert fires").waitFor()
})

test("changes, exports, duplicates and deletes rules", async () => {
  await desk.go("/alerts/rules/rules-lag?range=7d")
  // Asked for by the page itself: from then on it lives, and takes what is chosen.
  await page.getByText(/^Would (not )?have fired/).waitFor()
  await choose(page.getByLabel("Severity"), "critical")
  await page.getByRole("button", { name: "Save", exact: true }).click()
  await page.getByText("Saved: the next sample is judged by it.").waitFor()
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export as YAML" }).click(),
  ])
  const yaml = await readFile(await download.path(), "utf8")
  expect(yaml).toContain("severity: critical")
  await page.getByRole("link", { name: "Duplicate" }).click()
  const name = page.getByLabel("Name", { exact: true })
  await expect.poll(() => name.inputValue()).toBe("Copy of Rules lag")
  await page.getByRole("button", { name: "Create rule" }).click()
  await page.getByRole("heading", { name: "Copy of Rules lag" }).waitFor()
  page.once("dialog", (dialog) => void dialog.accept())
  await page.getByRole("button", { name: "Delete" }).click()
  await page
    .getByRole("table", { name: "Alert rules" })
    .getByRole("link", { name: "Rules lag", exact: true })
    .waitFor()
  await expect.poll(() => page.getByRole("link", { name: "Copy of Rules lag" }).count()).toBe(0)
  await expectGoodLooks(page)
  // What was exported is the file's from then on.
  const env = { NODE_ENV: "test" } as const
  const broken = `${yaml}    - { name: Broken, signal: lagg, severity: info, condition: { op: ">", threshold: 1 } }\n`
  await syncFileRules(desk.world.store, parseConfigFile(broken, { path: "signalbox.yaml", env }))
  await page.reload()
  await page.getByText(/rule "Broken", signal: There is no signal "lagg"/).waitFor()
  await page.getByRole("link", { name: "Rules lag", exact: true }).click()
  await page.getByText("from signalbox.yaml").waitFor()
  expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true)
  expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0)
  await expectGoodLooks(page)
})
