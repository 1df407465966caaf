import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { signIn } from "#scripts/browser.ts"
import { createUser } from "#server/access/users.ts"
import { kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectGoodLooks } from "./looks.ts"
import { createShop, type SmallShop } from "./shop.ts"

const stack = new AsyncDisposableStack()
let shop: SmallShop
let desk: Desk
let page: Page

const CARD = "4111-2222-3333-4444"

beforeAll(async () => {
  const bootstrap = inject("kafkaBootstrap")
  shop = stack.use(await createShop(bootstrap))
  const paid = {
    key: "k881",
    value: JSON.stringify({ order: "order-881", card: CARD, amount: 12 }),
    partition: 1,
  }
  await produce(kafkaClient(bootstrap), shop.topic, [paid, { key: "k882", value: null, partition: 2 }])
  desk = stack.use(await startDesk())
  page = desk.page
  await desk.world.store.prisma.maskingRule.create({
    data: { destination: shop.topic, part: "value", kind: "path", expression: "$.card", how: "last4" },
  })
})

afterAll(() => stack.disposeAsync())

async function open(of: Page, query = ""): Promise<void> {
  await of.goto(`${desk.world.login.url}/clusters/shop/topics/${shop.topic}?tab=messages${query}`)
  await of.getByRole("region", { name: "What to read" }).waitFor()
}

test("messages are browsed from the newest on, each shown for what it is", async () => {
  await open(page)
  const list = page.getByRole("table", { name: "Messages" })
  await list.getByText("deleted (tombstone)").waitFor()
  await list.getByText("k881").waitFor()
  await expect.poll(() => list.locator("tbody tr").count()).toBe(12)
  await page.getByRole("button", { name: "Options" }).click()
  await page.getByLabel("Partitions: all, or 0,3").fill("0")
  await expect.poll(() => list.locator("tbody tr").count()).toBe(10)
  expect(page.url()).toContain("parts=0")
  await choose(page.getByLabel("Read", { exact: true }), "From an offset")
  await page.getByLabel("Offset", { exact: true }).fill("7")
  await expect.poll(() => list.locator("tbody tr").count()).toBe(3)
})

test("a message is opened, read in another format, and has an address of its own", async () => {
  await open(page, "&parts=1")
  // Anywhere on the line.
  await page.getByRole("table", { name: "Messages" }).locator("td[data-label=Size]").first().click()
  const detail = page.getByRole("region", { name: "Message", exact: true })
  await detail.getByText("order-881").waitFor()
  await detail.getByRole("tab", { name: "key" }).click()
  await detail.getByText("k881").waitFor()
  expect(page.url()).toContain("msg=1/0")
  await choose(page.getByRole("combobox", { name: "Key", exact: true }), "hex")
  await detail.getByText("6b 38 38 31").waitFor()
  await open(page, "&parts=1&msg=1/0")
  await detail.getByRole("tab", { name: "key" }).click()
  await detail.getByText("6b 38 38 31").waitFor()
  await choose(page.getByRole("combobox", { name: "Key", exact: true }), "automatic")
  await detail.getByText("k881").waitFor()
})

test("keys lead from message to message, and what is open can be compared, resized and copied", async () => {
  await desk.context.grantPermissions(["clipboard-read", "clipboard-write"])
  await open(page, "&parts=0")
  const lines = page.getByRole("table", { name: "Messages" }).locator("[data-row]")
  await lines.first().click()
  const detail = page.getByRole("dialog", { name: /^Partition 0, offset/ })
  const [first, second] = await Promise.all([0, 1].map((line) => lines.nth(line).textContent()))
  await detail.getByRole("heading", { name: `offset ${first}` }).waitFor()
  await page.keyboard.press("j")
  await detail.getByRole("heading", { name: `offset ${second}` }).waitFor()
  expect(page.url()).toContain(`msg=0/${second}`)
  await page.keyboard.press("k")
  await detail.getByRole("heading", { name: `offset ${first}` }).waitFor()
  await detail.getByRole("tab", { name: "compare" }).click()
  await detail.getByText(`offset ${second}: − there, + here`).waitFor()
  await detail.getByRole("button", { name: /^Next message/ }).click()
  await detail.getByRole("heading", { name: `offset ${second}` }).waitFor()
  const handle = page.getByRole("separator", { name: "Width" })
  const before = Number(await handle.getAttribute("aria-valuenow"))
  await handle.press("ArrowLeft")
  await expect.poll(() => handle.getAttribute("aria-valuenow")).toBe(String(before + 32))
  await detail.getByLabel("Copy", { exact: true }).click()
  await page.getByRole("menuitem", { name: "kcat command" }).click()
  await page.getByText("kcat command copied.").waitFor()
  const copied = () => page.evaluate(() => navigator.clipboard.readText())
  expect(await copied()).toContain(`-t '${shop.topic}' -p 0 -o ${second} -c 1`)
  await detail.getByLabel("Copy", { exact: true }).click()
  await page.getByRole("menuitem", { name: "Link to this message" }).click()
  await expect.poll(copied).toContain(`msg=0%2F${second}`)
  const other = await desk.context.newPage()
  await other.goto(await copied())
  await other
    .getByRole("dialog")
    .getByRole("heading", { name: `offset ${second}` })
    .waitFor()
  await other.close()
  await page.keyboard.press("Escape")
  await expect.poll(() => detail.count()).toBe(0)
})

test("fields of JSON values become columns, which the address keeps", async () => {
  await open(page, "&parts=1")
  await page.getByRole("button", { name: "Columns", exact: true }).click()
  await page.getByRole("checkbox", { name: "order", exact: true }).check()
  await page.getByRole("checkbox", { name: "amount", exact: true }).check()
  await page.keyboard.press("Escape")
  const list = page.getByRole("table", { name: "Messages" })
  await list.getByRole("columnheader", { name: "amount" }).waitFor()
  await list.locator("td[data-label=order]", { hasText: "order-881" }).waitFor()
  expect(page.url()).toMatch(/cols=order,amount/)
  // What is masked in the value is masked in its column.
  await open(page, "&parts=1&cols=card")
  await list.locator("td[data-label=card]", { hasText: "4444" }).waitFor()
  expect(await page.content()).not.toContain(CARD)
})

test("a search is saved under a name, and its matches are marked", async () => {
  await open(page)
  await page.getByLabel("Search for", { exact: true }).fill("order-881")
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await page.locator("mark", { hasText: "order-881" }).first().waitFor()
  await page.getByLabel("Saved and earlier searches").click()
  await page.getByLabel("Name of the search").fill("The order of the card")
  await page.getByRole("button", { name: "Save", exact: true }).click()
  await page.getByRole("link", { name: "The order of the card" }).click()
  await expect.poll(() => page.url()).not.toContain("job=")
  await expect.poll(() => page.getByLabel("Search for", { exact: true }).inputValue()).toBe("order-881")
})

test("what is masked stays masked in the page, the search and the file, until an admin says why", async () => {
  await open(page, "&msg=1/0")
  const detail = page.getByRole("region", { name: "Message", exact: true })
  await detail.getByText("4444").waitFor()
  expect(await page.content()).not.toContain(CARD)
  const download = page.waitForEvent("download")
  await detail.getByRole("link", { name: "Download message" }).click()
  expect(await readFile(await (await download).path(), "utf8")).not.toContain(CARD)
  expect(await detail.getByRole("button", { name: "Edit and resend" }).isDisabled()).toBe(true)
  await page.getByLabel("Reason to unmask").fill("a customer asked")
  await page.getByRole("button", { name: "Unmask for 15 minutes" }).click()
  await detail.getByText(CARD).waitFor()
  await page.getByRole("button", { name: "Mask again" }).click()
  await expect.poll(() => page.getByText(CARD).count()).toBe(0)
  const entry = await desk.world.store.prisma.auditEntry.findFirst({ where: { action: "message.unmask" } })
  expect(entry?.reason).toBe("a customer asked")
})

test("a search says how much there is, what it found and that it read all, and is found again by its address", async () => {
  await open(page)
  await page.getByLabel("Search for", { exact: true }).fill("order-881")
  await page.getByText("12 records").waitFor()
  await page.getByRole("button", { name: "Search", exact: true }).click()
  const result = page.getByRole("region", { name: "Search", exact: true })
  await result.getByText("All messages were searched.").waitFor()
  await result.getByText("12 of 12 read").waitFor()
  await expect.poll(() => result.locator("tbody tr").count()).toBe(1)
  const address = page.url()
  const other = await desk.context.newPage()
  await other.goto(address)
  await other.getByText("All messages were searched.").waitFor()
  await other.close()
  await open(page)
  await page.getByLabel("Search for", { exact: true }).fill("nowhere to be found")
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await result.getByText("No message in the whole range: all of it was read.").waitFor()
})

test("a message is sent, edited and sent again, and seen as it arrives", async () => {
  const tail = await desk.context.newPage()
  await open(tail, "&start=live")
  await tail.getByText("following").waitFor()
  // Filtered as it arrives, and still under the mouse.
  const strict = await desk.context.newPage()
  await open(strict, "&start=live&q=k901")
  await strict.getByText("following").waitFor()
  await open(page, "&send=new")
  const form = page.getByRole("region", { name: "Send" })
  await choose(form.getByLabel("Key as"), "text")
  await form.getByLabel("Key", { exact: true }).fill("k900")
  await form.getByLabel("Value", { exact: true }).fill("sent by hand")
  await form.getByLabel("Partition").fill("2")
  await form.getByRole("button", { name: "Add a header" }).click()
  await form.getByLabel("Name of the header").fill("reason")
  await form.getByRole("button", { name: "Send", exact: true }).click()
  await form.getByText("Sent to partition 2").waitFor()
  await tail.getByText("k900").waitFor()
  await tail.getByRole("table", { name: "Messages" }).hover()
  await tail.getByText("holding").waitFor()
  await form.getByLabel("Key", { exact: true }).fill("k901")
  await form.getByRole("button", { name: "Send", exact: true }).click()
  await tail.getByText("1 new message: move away to show").waitFor()
  expect(await tail.getByText("k901").count()).toBe(0)
  await tail.getByRole("heading", { level: 1 }).hover()
  await tail.getByText("k901").waitFor()
  await strict.getByRole("table", { name: "Messages" }).getByText("k901").waitFor()
  expect(await strict.getByText("k900").count()).toBe(0)
  await strict.close()
  await tail.close()
  const entry = await desk.world.store.prisma.auditEntry.findFirst({
    where: { action: "message.produce", result: "ok" },
  })
  expect(JSON.stringify([entry?.before, entry?.after])).not.toContain("sent by hand")
})

test("rows are chosen by keyboard or all at once, and those alone are downloaded, masked", async () => {
  await open(page, "&parts=0,1")
  const list = page.getByRole("table", { name: "Messages" })
  await list.getByText("k881").waitFor()
  for (const key of ["j", "x", "j", "j", "x"]) await page.keyboard.press(key)
  const chosen = page.getByRole("form", { name: "Chosen messages" })
  await chosen.getByText("2 messages chosen").waitFor()
  const download = page.waitForEvent("download")
  await chosen.getByRole("button", { name: "Download 2 as CSV" }).click()
  const file = await readFile(await (await download).path(), "utf8")
  const offsets = await Promise.all(
    [0, 2].map((row) => list.locator("tbody [data-row]").nth(row).textContent()),
  )
  const lines = file.trim().split("\r\n").slice(1)
  expect(lines.map((line) => line.split(",")[1])).toEqual(offsets)
  await page.getByRole("checkbox", { name: "Choose all that are shown" }).check()
  await chosen.getByText("11 messages chosen").waitFor()
  const whole = page.waitForEvent("download")
  await chosen.getByRole("button", { name: "Download 11 as JSON Lines" }).click()
  const text = await readFile(await (await whole).path(), "utf8")
  expect(text.trim().split("\n")).toHaveLength(11)
  expect(text).not.toContain(CARD)
  await list.getByRole("button").first().focus()
  await page.keyboard.press("x")
  await chosen.getByText("10 messages chosen").waitFor()
  await page.keyboard.press("Enter")
  await page.getByRole("region", { name: "Message", exact: true }).waitFor()
})

test("of a file with a line that is no message nothing is sent, and the line is named", async () => {
  await open(page, "&send=new&parts=2")
  const rows = page.getByRole("table", { name: "Messages" }).locator("tbody tr")
  await rows.first().waitFor()
  const before = await rows.count()
  const form = page.getByRole("region", { name: "Send" })
  await form.getByRole("button", { name: "From a file" }).click()
  const give = (lines: string) =>
    form.locator("input[type=file]").setInputFiles({
      name: "messages.jsonl",
      mimeType: "application/x-ndjson",
      buffer: Buffer.from(lines),
    })
  const good = '{"key":"f1","value":"from a file","partition":2}\n'
  await give(`${good}{"key":7}\n`)
  await form.getByRole("alert").getByText("Line 2 is no message: its key").waitFor()
  expect(await form.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true)
  await give(good.repeat(2))
  await form.getByRole("button", { name: "Send 2 messages" }).click()
  await form.getByText("2 messages were sent.").waitFor()
  await page.getByRole("button", { name: "Read again" }).click()
  await expect.poll(() => rows.count()).toBe(before + 2)
})

test("a viewer reads masked messages, and is told which role searching and sending need", async () => {
  const viewer = { url: desk.world.login.url, email: "vera@example.com", password: "correct horse battery" }
  await createUser(desk.world.store, { ...viewer, name: "Vera", role: "viewer" })
  const own = await desk.browser.newContext()
  const theirs = await own.newPage()
  await signIn(theirs, viewer)
  await open(theirs, "&msg=1/0")
  await theirs.getByRole("region", { name: "Message", exact: true }).getByText("4444").waitFor()
  expect(await theirs.content()).not.toContain(CARD)
  expect(await theirs.getByRole("button", { name: "Send a message" }).isDisabled()).toBe(true)
  await theirs.getByLabel("More actions").click()
  await theirs.getByText("This needs the role operator").first().waitFor()
  await theirs.getByText("This needs the role admin").first().waitFor()
  await own.close()
})

test("the page is clean for axe in light and dark, and no wider than a phone", async () => {
  await open(page, "&msg=1/0&send=new")
  await page.getByRole("region", { name: "Message", exact: true }).getByText("order-881").waitFor()
  await expectGoodLooks(page)
})
