import type { Browser, BrowserContext, Page } from "playwright-core"
import { type Login, signIn, startBrowser } from "#test/browser/browser.ts"
import { startWeb } from "#test/browser/web.ts"
import { ensureBuild } from "#test/stack/build.ts"
import { startPostgres } from "#test/stack/postgres.ts"
import { fillPages, GROUPS, TOPICS } from "./pages-world.ts"

const RUNS = 3

/** Routes, and what a person does there: the interactions whose delay is measured. */
const ROUTES: { name: string; address: string; ready: string; act?: (page: Page) => Promise<void> }[] = [
  { name: "sign-in", address: "/sign-in", ready: "form" },
  { name: "overview", address: "/", ready: "text=Needs you", act: (page) => openSearch(page) },
  { name: "lag", address: "/lag", ready: "tbody tr", act: (page) => sortAndFilter(page, "Lag") },
  { name: "clusters", address: "/clusters", ready: "tbody tr" },
  { name: "connect", address: "/clusters/new", ready: "form" },
  { name: "cluster", address: "/clusters/shop", ready: "text=Brokers" },
  {
    name: "topics",
    address: "/clusters/shop/topics",
    ready: "tbody tr",
    act: (page) => sortAndFilter(page, "Written"),
  },
  { name: "topic", address: "/clusters/shop/topics/topic-0", ready: ".uplot" },
  {
    name: "group",
    address: "/clusters/shop/groups/group-0",
    ready: ".uplot",
    act: async (page) => {
      await page.getByRole("link", { name: "Members" }).click()
      await page.getByRole("link", { name: "Lag", exact: true }).last().click()
      await page.getByRole("button", { name: "Table" }).first().click()
    },
  },
]

interface Cost {
  route: string
  jsKb: number
  lcpMs: number
  inpMs: number | null
}

/** Opens every page as a newcomer does, and prints what that costs. */
export default async function pages(): Promise<void> {
  await ensureBuild()
  await using postgres = await startPostgres()
  await using world = await startWeb({
    databaseUrl: await postgres.createDatabase(),
    bootstrap: ["127.0.0.1:1"],
    roles: ["web"],
  })
  await fillPages(world.store)
  const browser = await startBrowser()
  try {
    const costs: Cost[] = []
    for (const route of ROUTES) costs.push(await costOf(route, { browser, login: world.login }))
    report(costs)
  } finally {
    await browser.close()
  }
}

async function costOf(route: (typeof ROUTES)[number], at: { browser: Browser; login: Login }): Promise<Cost> {
  const runs: Cost[] = []
  for (let run = 0; run < RUNS; run++) {
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    if (route.name !== "sign-in") await signIn(page, at.login)
    await page.close()
    runs.push(await visit(context, { route, url: at.login.url }))
    await context.close()
  }
  return {
    route: route.name,
    jsKb: median(runs.map((run) => run.jsKb)),
    lcpMs: median(runs.map((run) => run.lcpMs)),
    inpMs: runs[0]?.inpMs === null ? null : median(runs.map((run) => run.inpMs ?? 0)),
  }
}

/** One visit with an empty cache: compressed bytes of every script, also of what comes after the first paint. */
async function visit(
  context: BrowserContext,
  at: { route: (typeof ROUTES)[number]; url: string },
): Promise<Cost> {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send("Network.enable")
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true })
  const scripts = new Set<string>()
  let bytes = 0
  devtools.on("Network.responseReceived", (event) => {
    if (event.type === "Script" || /\.js(\?|$)/.test(event.response.url)) scripts.add(event.requestId)
  })
  devtools.on("Network.loadingFinished", (event) => {
    if (scripts.has(event.requestId)) bytes += event.encodedDataLength
  })
  await page.addInitScript(watch)
  await page.goto(at.url + at.route.address, { waitUntil: "load" })
  await page.locator(at.route.ready).first().waitFor()
  await page.waitForTimeout(1000)
  const firstLoad = bytes
  const lcpMs = await page.evaluate(() => (window as unknown as Watched).lcp)
  await at.route.act?.(page)
  await page.waitForTimeout(300)
  const inp = await page.evaluate(() => (window as unknown as Watched).inp)
  return { route: at.route.name, jsKb: firstLoad / 1000, lcpMs, inpMs: at.route.act ? inp : null }
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
    for (const entry of list.getEntries()) watched.inp = Math.max(watched.inp, entry.duration)
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
  await page.getByRole("combobox").pressSequentially("topic-99", { delay: 60 })
  await page.getByRole("listbox").getByRole("option").first().waitFor()
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
}

function report(costs: Cost[]): void {
  console.log(`${TOPICS} topics, ${GROUPS} groups; median of ${RUNS} visits with an empty cache`)
  console.log("| route | JavaScript, kB compressed | LCP, ms | INP, ms |\n| --- | ---: | ---: | ---: |")
  for (const one of costs) console.log(`| ${one.route} | ${one.jsKb} | ${one.lcpMs} | ${one.inpMs ?? "–"} |`)
  console.log(JSON.stringify({ bench: "pages", topics: TOPICS, groups: GROUPS, routes: costs }))
}
