import { type Browser, chromium, type Page } from "playwright-core"
import { DomainError } from "#server/errors.ts"
import { findChromium } from "./setup/programs.mjs"

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

export interface Login {
  url: string
  email: string
  password: string
}

/** For whatever a page is to show or to let be clicked, ms: a busy machine draws later, not differently. */
const PATIENCE_MS = 60_000

/** A headless Chromium with a profile of its own. */
export async function startBrowser(): Promise<Browser> {
  const executablePath: string | null = findChromium()
  if (!executablePath)
    throw new DomainError("bad_input", "There is no Chromium: install it, or set CHROMIUM_PATH.")
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS, timeout: 180_000 })
  browser.on("context", (context) => context.setDefaultTimeout(PATIENCE_MS))
  return browser
}

/** Signs in as a person does, and waits for the overview. */
export async function signIn(page: Page, login: Login): Promise<void> {
  await page.goto(`${login.url}/sign-in`)
  await page.locator("input[name=email]").fill(login.email)
  await page.locator("input[name=password]").fill(login.password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.getByRole("heading", { name: "Overview" }).waitFor()
}
