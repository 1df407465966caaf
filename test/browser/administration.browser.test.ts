import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"
import { connectKafka, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { choose, pick } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectNarrow } from "./looks.ts"

const stack = new AsyncDisposableStack()
const topic = unique("parcels")
const path = `/clusters/shop/topics/${topic}`
let desk: Desk
let broker: Broker
let page: Page

beforeAll(async () => {
  broker = stack.use(connectKafka(inject("kafkaBootstrap")))
  desk = stack.use(await startDesk())
  page = desk.page
})
afterAll(() => stack.disposeAsync())

const soon = () => AbortSignal.timeout(60_000)
const go = (address: string) => desk.go(address)

async function settingOf(name: string): Promise<string | null | undefined> {
  const described = await broker.describe({ configs: [topic] }, soon())
  return described.configs[0]?.entries.find((entry) => entry.name === name)?.value
}

test("a topic is created, after the broker said what it would not take", async () => {
  await go("/clusters/shop/topics")
  await page.getByRole("link", { name: "Create topic" }).click()
  await page.getByRole("heading", { name: "Create a topic" }).waitFor()
  await page.getByLabel("Name", { exact: true }).fill(topic)
  await page.getByLabel("Replicas").fill("9")
  await page.getByText(/cannot be created: .*replication factor/i).waitFor()
  await page.getByLabel("Replicas").fill("3")
  await page.getByLabel("Partitions").fill("2")
  await page.getByRole("textbox", { name: "Settings" }).fill("retention.ms=86400000")
  const create = page.getByRole("button", { name: "Create", exact: true })
  await expect.poll(() => create.isEnabled()).toBe(true)
  await expectAccessible(page)
  await create.click()
  await page.getByRole("heading", { name: topic, exact: true }).waitFor()
  await page.getByRole("region", { name: "Notifications" }).getByText(`${topic} was created.`).waitFor()
  expect(await settingOf("retention.ms")).toBe("86400000")
})

test("its retention is changed, with the difference shown first", async () => {
  await go(`${path}?tab=config`)
  await page.getByRole("link", { name: "Edit several" }).click()
  await page.getByLabel("New value of retention.ms").fill("3600000")
  const changes = page.getByRole("table", { name: "Changes" })
  await expect.poll(() => changes.locator("tbody tr").textContent()).toContain("86400000 (24 h)")
  expect(await changes.locator("tbody tr").textContent()).toContain("3600000 (1 h)")
  expect(await changes.locator("tbody tr").textContent()).toContain("604800000 (7 d)")
  await expectAccessible(page)
  expect(new URL(page.url()).searchParams.get("set")).toContain("3600000")
  await page.getByRole("button", { name: "Apply 1 change" }).click()
  await page.getByRole("table", { name: "Configuration" }).waitFor()
  expect(await settingOf("retention.ms")).toBe("3600000")
})

test("a setting is edited in its place, in its unit, and put back by Undo", async () => {
  await go(`${path}?tab=config`)
  const table = page.getByRole("table", { name: "Configuration" })
  const row = table.locator("tr", { hasText: "retention.ms" })
  await row.getByText("1 hour", { exact: true }).waitFor()
  await row.getByRole("button", { name: "Edit retention.ms" }).click()
  const form = page.getByRole("form", { name: "Edit retention.ms" })
  await form.getByLabel("retention.ms", { exact: true }).fill("3")
  await choose(form.getByLabel("Unit of retention.ms"), "days")
  await form.getByText("1 hour → 3 days").waitFor()
  await expectAccessible(page)
  await form.getByRole("button", { name: "Save" }).click()
  await row.getByText("3 days", { exact: true }).waitFor()
  expect(await settingOf("retention.ms")).toBe("259200000")
  const toast = page.getByRole("region", { name: "Notifications" })
  await toast.getByText("is now 3 days.").waitFor()
  await toast.getByRole("button", { name: "Undo" }).click()
  await row.getByText("1 hour", { exact: true }).waitFor()
  expect(await settingOf("retention.ms")).toBe("3600000")
  const policy = table.locator("tr", { hasText: "cleanup.policy" })
  await policy.getByRole("button", { name: "Edit cleanup.policy" }).click()
  await choose(page.getByLabel("cleanup.policy", { exact: true }), "compact,delete")
  await page.getByRole("button", { name: "Save", exact: true }).click()
  const edit = policy.getByRole("button", { name: "Edit cleanup.policy" })
  await edit.waitFor()
  await policy.getByText("compact,delete", { exact: true }).waitFor()
  await edit.click()
  await page.getByRole("button", { name: "Use the default" }).click()
  await page.getByRole("button", { name: "Save", exact: true }).click()
  await edit.waitFor()
  await policy.getByText("delete", { exact: true }).first().waitFor()
})

test("it gets partitions, after a word on keys", async () => {
  await go(path)
  await pick(page, "More actions", "Add partitions")
  await page.getByLabel("New partition count").fill("5")
  await page.getByText(/order per key is not kept across the change/).waitFor()
  const add = page.getByRole("button", { name: "Add 3 partitions" })
  await add.waitFor()
  expect(await add.isDisabled()).toBe(true)
  await expectAccessible(page)
  await page.getByLabel("to confirm").fill(topic)
  await add.click()
  await expect.poll(() => page.getByRole("table", { name: "Partitions" }).locator("tbody tr").count()).toBe(5)
})

test("it is emptied, after its name was typed", async () => {
  const messages = Array.from({ length: 12 }, (_, i) => ({ partition: i % 5, value: `parcel ${i}` }))
  await produce(kafkaClient(), topic, messages)
  await go(path)
  await pick(page, "More actions", "Empty")
  await page.getByRole("heading", { name: `Empty ${topic}` }).waitFor()
  await expect.poll(() => page.locator("dl.facts").first().textContent()).toContain("Messages deleted12")
  await expectAccessible(page)
  const empty = page.getByRole("button", { name: "Empty" })
  expect(await empty.isDisabled()).toBe(true)
  await page.getByLabel("to confirm").fill(topic)
  await empty.click()
  await page.waitForURL(desk.world.login.url + path)
  const sampled = await broker.sample({ destinations: [topic], groups: [] }, soon())
  expect(sampled.destinations[0]?.starts).toEqual(sampled.destinations[0]?.ends)
})

test("it is deleted, after its name was typed, and all acts are in the audit log", async () => {
  await go(path)
  await pick(page, "More actions", "Delete")
  await page.getByText("No consumer group reads this.").waitFor()
  await expectAccessible(page)
  await expectNarrow(page)
  const remove = page.getByRole("button", { name: "Delete" })
  await page.getByLabel("to confirm").fill(topic.slice(0, -1))
  expect(await remove.isDisabled()).toBe(true)
  await page.getByLabel("to confirm").fill(topic)
  await remove.click()
  await page.getByRole("region", { name: "Notifications" }).getByText(`${topic} was deleted.`).waitFor()
  await page.waitForURL(`${desk.world.login.url}/clusters/shop/topics`)
  expect((await broker.describe({ destinations: [topic] }, soon())).destinations).toEqual([])
  const entries = await desk.world.store.prisma.auditEntry.findMany({
    where: { target: topic, result: "ok" },
    orderBy: { id: "asc" },
    select: { action: true },
  })
  expect(entries.map((entry) => entry.action)).toEqual([
    "destination.create",
    // Several at once; then one by one: 3 days, and back; a policy, and its default.
    ...Array.from({ length: 5 }, () => "destination.configure"),
    "destination.grow",
    "destination.empty",
    "destination.delete",
  ])
})

test("a group is deleted, after one has seen its positions", async () => {
  const group = unique("old")
  const name = unique("letters")
  await broker.admin?.createDestination(
    { name, partitions: 1, replicas: 1, configs: [] },
    { dryRun: false },
    soon(),
  )
  const at = [{ destination: name, partition: 0, offset: 0n }]
  await broker.offsets?.commit({ name: group, type: "classic" }, at, soon())
  const known = () => desk.world.store.prisma.consumerGroup.count({ where: { name: group } })
  await expect.poll(known).toBe(1)
  await go(`/clusters/shop/groups/${group}`)
  await pick(page, "More actions", "Delete")
  await page.getByRole("table", { name: "Positions" }).getByText(name).waitFor()
  await expectAccessible(page)
  await page.getByLabel("to confirm").fill(group)
  await page.getByRole("button", { name: "Delete" }).click()
  await page.getByRole("region", { name: "Notifications" }).getByText(`${group} was deleted.`).waitFor()
  await page.waitForURL(`${desk.world.login.url}/clusters/shop/groups`)
  expect((await broker.sample({ groups: [group] }, soon())).groups).toEqual([])
})
