import { Kafka, logLevel } from "kafkajs"
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core"
import { signIn, startBrowser } from "#scripts/browser.ts"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { ensureBuild } from "#server/build/index.ts"
import { startWeb } from "#test/browser/web.ts"
import { fillPages, GROUPS, PARTITIONS, TOPICS } from "./pages-world.ts"

const RUNS = 3
const SETTLED_MS = 1500

interface Route {
  name: string
  address: string
  /** What stands on the page when it is of use. */
  ready: string
  /** What a person does there: the interactions whose delay is measured. */
  act?: (page: Page) => Promise<void>
}

const ROUTES: Route[] = [
  { name: "sign-in", address: "/sign-in", ready: "main form" },
  { name: "overview", address: "/", ready: "text=Needs attention", act: openSearch },
  { name: "lag", address: "/lag", ready: "tbody tr", act: (page) => sortAndFilter(page, "Lag") },
  { name: "clusters", address: "/clusters", ready: "tbody tr" },
  { name: "connect", address: "/clusters/new", ready: "main form" },
  { name: "cluster", address: "/clusters/shop", ready: "tbody tr" },
  {
    name: "topics",
    address: "/clusters/shop/topics",
    ready: "tbody tr",
    act: (page) => sortAndFilter(page, "Produced, last 1 min"),
  },
  { name: "topic", address: "/clusters/shop/topics/topic-0", ready: ".uplot" },
  { name: "group", address: "/clusters/shop/groups/group-0", ready: ".uplot", act: turnTabs },
  {
    name: "groups",
    address: "/clusters/shop/groups",
    ready: "tbody tr",
    act: (page) => sortAndFilter(page, "Lag"),
  },
  { name: "messages", address: "/clusters/shop/topics/topic-0?tab=messages", ready: "main [role=combobox]" },
  { name: "reset", address: "/clusters/shop/groups/group-0/offsets", ready: "main form" },
  { name: "new topic", address: "/clusters/shop/new-topic", ready: "main form" },
  { name: "failures", address: "/failures", ready: "main h1" },
  { name: "failure rules", address: "/failures/rules", ready: "main h1" },
  { name: "alerts", address: "/alerts", ready: "main h1" },
  { name: "services", address: "/services", ready: "main h1" },
  { name: "traces", address: "/traces", ready: "main form" },
  { name: "audit", address: "/audit", ready: "tbody tr" },
  { name: "users", address: "/settings/users", ready: "tbody tr" },
  { name: "tokens", address: "/settings/tokens", ready: "main h1" },
  { name: "masking", address: "/settings/masking", ready: "main h1" },
]

interface Cost {
  route: string
  /** kB (1,000 bytes) as they came over the wire: the scripts that the page itself names. */
  firstLoadKb: number
  /** The same with what is loaded after it: charts, and what links fetch ahead. */
  allKb: number
  lcpMs: number
  inpMs: number | null
}

/** Opens every page as a newcomer does, and prints what that costs. */
export default async function pages(): Promise<void> {
  await ensureBuild()
  await using postgres = await startPostgres()
  await using kafka = await startKafka()
  await createTopic(kafka.bootstrap)
  await using world = await startWeb({
    databaseUrl: await postgres.createDatabase(),
    bootstrap: kafka.bootstrap,
    roles: ["web"],
  })
  await fillPages(world.store)
  const browser = await startBrowser()
  try {
    const { url } = world.login
    const context = await browser.newContext()
    await signIn(await context.newPage(), world.login)
    const storageState = await context.storageState()
    await context.close()
    const costs: Cost[] = []
    for (const route of ROUTES) costs.push(await costOf(route, { browser, url, storageState }))
    report(costs)
  } finally {
    await browser.close()
  }
}

/** The topic whose page is opened exists; the other ones are in the store only. */
async function createTopic(brokers: string[]): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({
    topics: [{ topic: "topic-0", numPartitions: PARTITIONS, replicationFactor: 1 }],
  })
  await admin.disconnect()
}

interface Visitor {
  browser: Browser
  url: string
  storageState: Awaited<ReturnType<BrowserContext["storageState"]>>
}

async function costOf(route: Route, visitor: Visitor): Promise<Cost> {
  const runs: Cost[] = []
  // The first visit warms the server: Node compiles a page's code when it is first asked for.
  for (let run = 0; run <= RUNS; run++) {
    const { storageState } = visitor
    const context = await visitor.browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...(route.name === "sign-in" ? {} : { storageState }),
    })
    const cost = await visit(context, { route, url: visitor.url })
    if (run > 0) runs.push(cost)
    await context.close()
  }
  return {
    route: route.name,
    firstLoadKb: median(runs.map((run) => run.firstLoadKb)),
    allKb: median(runs.map((run) => run.allKb)),
    lcpMs: median(runs.map((run) => run.lcpMs)),
    inpMs: route.act ? median(runs.map((run) => run.inpMs ?? 0)) : null,
  }
}

/** One visit with an empty cache. */
async function visit(context: BrowserContext, at: { route: Route; url: string }): Promise<Cost> {
  const page = await context.newPage()
  const scripts = await countScripts(await context.newCDPSession(page))
  await page.addInitScript(watch)
  await page.goto(at.url + at.route.address, { waitUntil: "load" })
  await page.locator(at.route.ready).first().waitFor()
  await page.waitForTimeout(SETTLED_MS)
  const { first, all } = scripts()
  const lcpMs = await page.evaluate(() => (window as unknown as Watched).lcp)
  await at.route.act?.(page)
  await page.waitForTimeout(300)
  const inpMs = await page.evaluate(() => (window as unknown as Watched).inp)
  return { route: at.route.name, firstLoadKb: first / 1000, allKb: all / 1000, lcpMs, inpMs }
}

/** Counts the compressed bytes of scripts; those that the HTML names (its parser asks for them) are the first load. */
async function countScripts(devtools: CDPSession): Promise<() => { first: number; all: number }> {
  await devtools.send("Network.enable")
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true })
  const asked = new Map<string, boolean>()
  let first = 0
  let all = 0
  devtools.on("Network.requestWillBeSent", ({ requestId, request, initiator }) => {
    if (/\.js(\?|$)/.test(request.url)) asked.set(requestId, initiator.type === "parser")
  })
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const named = asked.get(requestId)
    if (named === undefined) return
    all += encodedDataLength
    if (named) first += encodedDataLength
  })
  return () => ({ first, all })
}

interface Watched {
  lcp: number
  inp: number
}

/** Runs in the page before its own scripts. */
function watch(): void {
  const watched = window as unknown as Watched
  watched.lcp = 0
  watched.inp = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watched.lcp = entry.startTime
  }).observe({ type: "largest-contentful-paint", buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if ("interactionId" in entry && entry.interactionId) watched.inp = Math.max(watched.inp, entry.duration)
  }).observe({ type: "event", buffered: true, durationThreshold: 16 } as PerformanceObserverInit)
}

async function sortAndFilter(page: Page, column: string): Promise<void> {
  await page.getByRole("button", { name: column, exact: true }).click()
  await page.waitForTimeout(300)
  await page.getByRole("searchbox").pressSequentially("99", { delay: 60 })
  await page.waitForTimeout(500)
}

async function openSearch(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Search/ }).click()
  await page.getByRole("combobox", { name: "Search for" }).pressSequentially("topic-99", { delay: 60 })
  await page.getByRole("listbox").getByRole("option").first().waitFor()
}

async function turnTabs(page: Page): Promise<void> {
  const tabs = page.getByRole("navigation", { name: "Group" })
  await tabs.getByRole("link", { name: "Members" }).click()
  await page.getByRole("heading", { name: "Members" }).waitFor()
  await tabs.getByRole("link", { name: "Lag" }).click()
  await page.locator(".uplot").first().waitFor()
  await page.getByRole("button", { name: "Table" }).first().click()
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
}

function report(costs: Cost[]): void {
  console.log(`${TOPICS} topics, ${GROUPS} groups; median of ${RUNS} visits with an empty cache`)
  console.log("| route | first load, kB | all scripts, kB | LCP, ms | INP, ms |")
  console.log("| --- | ---: | ---: | ---: | ---: |")
  for (const { route, firstLoadKb, allKb, lcpMs, inpMs } of costs)
    console.log(`| ${route} | ${firstLoadKb} | ${allKb} | ${lcpMs} | ${inpMs ?? "–"} |`)
  console.log(JSON.stringify({ bench: "pages", topics: TOPICS, groups: GROUPS, routes: costs }))
}
