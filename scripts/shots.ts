// Pictures of every page: node scripts/shots.ts --url URL --user EMAIL --password PASSWORD --out FOLDER [--cluster SLUG] [--only NAME]
import { mkdir } from "node:fs/promises"
import path from "node:path"
import { parseArgs } from "node:util"
import type { Browser } from "playwright-core"
import { type Login, signIn, startBrowser } from "./browser.ts"

const SIZES = [
  { name: "wide", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
]
const SCHEMES = ["light", "dark"] as const

const { values } = parseArgs({
  options: {
    url: { type: "string", default: process.env.SIGNALBOX_URL ?? "http://localhost:3000" },
    user: { type: "string", default: process.env.SIGNALBOX_DEMO_USER ?? "demo@signalbox.local" },
    password: { type: "string", default: process.env.SIGNALBOX_DEMO_PASSWORD ?? "" },
    out: { type: "string", default: ".cache/shots" },
    cluster: { type: "string", default: "shop" },
    topic: { type: "string", default: "orders" },
    group: { type: "string", default: "billing" },
    only: { type: "string", default: "" },
  },
})

await mkdir(values.out, { recursive: true })
const browser = await startBrowser()
try {
  for (const scheme of SCHEMES) await shoot(browser, scheme)
} finally {
  await browser.close()
}

async function shoot(from: Browser, scheme: (typeof SCHEMES)[number]): Promise<void> {
  const login: Login = { url: values.url, email: values.user, password: values.password }
  const context = await from.newContext({ colorScheme: scheme, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.on("console", (message) => {
    if (message.type() === "error") console.log(`${page.url()}: ${message.text()}`)
  })
  page.on("pageerror", (error) => console.log(`${page.url()}: ${error.message}`))
  await signIn(page, login)
  for (const [name, address, press] of pages()) {
    if (values.only && !name.includes(values.only)) continue
    for (const { name: size, width, height } of SIZES) {
      await page.setViewportSize({ width, height })
      await page.goto(values.url + address, { waitUntil: "load" })
      await page.locator(".skeleton").first().waitFor({ state: "detached", timeout: 15_000 })
      if (press) {
        const before = page.url()
        await page.getByRole("button", { name: press }).click()
        await page.waitForURL((url) => url.href !== before)
        await page.getByRole("heading", { level: 1 }).waitFor()
      }
      await page.waitForTimeout(500)
      await page.screenshot({ path: path.join(values.out, `${name}-${size}-${scheme}.png`), fullPage: false })
    }
  }
  await context.close()
}

/** `press`: a button that leads to the page in question. */
function pages(): [name: string, address: string, press?: string][] {
  const cluster = `/clusters/${values.cluster}`
  const topic = `${cluster}/topics/${encodeURIComponent(values.topic)}`
  const group = `${cluster}/groups/${encodeURIComponent(values.group)}`
  return [
    ["overview", "/"],
    ["lag", "/lag"],
    ["clusters", "/clusters"],
    ["connect", "/clusters/new"],
    ["cluster", cluster],
    ["topics", `${cluster}/topics`],
    ["topic-activity", topic],
    ["topic-consumers", `${topic}?tab=consumers`],
    ["topic-partitions", `${topic}?tab=partitions`],
    ["topic-config", `${topic}?tab=config`],
    [
      "act-create",
      `${cluster}/new-topic?name=parcels&partitions=6&replicas=3&settings=min.insync.replicas%3D3`,
    ],
    ["act-edit", `${topic}/edit?set={"retention.ms":"60000"}`],
    ["act-grow", `${topic}/grow`],
    ["act-empty", `${topic}/empty`],
    ["act-delete", `${topic}/delete`],
    ["act-delete-group", `${group}/delete`],
    ["groups", `${cluster}/groups`],
    ["group-lag", group],
    ["reset", `${group}/offsets?to=back&back=7200000`],
    ["reset-plan", `${group}/offsets?to=back&back=7200000`, "Preview"],
    ["messages", `${topic}?tab=messages`],
    ["failures", "/failures"],
    ["alerts-firing", "/alerts"],
    ["alerts-history", "/alerts?tab=history"],
    ["alerts-rules", "/alerts?tab=rules"],
    ["alerts-silences", "/alerts?tab=silences"],
    ["alerts-channels", "/alerts?tab=channels"],
    ["alert-page", "/alerts/1"],
    ["alert-rule", "/alerts/rules/data-loss-imminent"],
    ["alert-new-rule", `/alerts/rules/new?signal=lag&cluster=${values.cluster}&include=${values.group}`],
    ["masking", "/settings/masking"],
    ["settings-traces", "/settings/traces"],
    ["group-members", `${group}?tab=members`],
    ["audit", "/audit?from=now-24h"],
    ["account", "/settings/account"],
    ["users", "/settings/users"],
    ["tokens", "/settings/tokens?new=true"],
    ["users-invite", "/settings/users?invite=true"],
    ["not-found", "/no/such/page"],
  ]
}
