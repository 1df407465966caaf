import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"
import { expect } from "vitest"

/**
 * Axe finds nothing on what the page shows now, in light; in dark, where only colours differ, nothing about colours.
 * `overlay`: something is open over the page, which is part of no landmark (a best practice of axe, and no rule of WCAG).
 */
export async function expectAccessible(page: Page, { overlay = false } = {}): Promise<void> {
  // Colours that are on their way from one scheme to the other are none of either.
  const reducedMotion = "reduce"
  await page.emulateMedia({ colorScheme: "light", reducedMotion })
  expect(await violations(page, overlay ? { disableRules: ["region"] } : {}), "in light").toEqual([])
  await page.emulateMedia({ colorScheme: "dark", reducedMotion })
  expect(await violations(page, { runOnly: ["color-contrast"] }), "in dark").toEqual([])
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" })
}

/** By the rules of `runOnly`, or by all that axe has on but those of `disableRules`. */
async function violations(
  page: Page,
  { runOnly, disableRules = [] }: { runOnly?: string[]; disableRules?: string[] },
): Promise<string[]> {
  // Of what passes, nothing is wanted; and our pages have no frame of another origin, for which alone axe would open a
  // page of its own to finish in.
  const rules = Object.fromEntries(disableRules.map((rule) => [rule, { enabled: false }]))
  const options = { resultTypes: ["violations" as const], rules, ...(runOnly ? { runOnly } : {}) }
  // Base UI's guards hand the focus on as soon as they get it: nobody stays on what is hidden.
  const axe = new AxeBuilder({ page }).exclude("[data-base-ui-focus-guard]").options(options).setLegacyMode()
  const found = (await axe.analyze()).violations
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)
}

/** Nothing on the page is wider than a phone. */
export async function expectNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** What every page owes to everybody: once it has come, axe finds nothing, and it fits a phone. */
export async function expectGoodLooks(page: Page): Promise<void> {
  await page.getByRole("heading").first().waitFor()
  await expect.poll(() => page.locator(".skeleton").count()).toBe(0)
  await expectAccessible(page)
  await expectNarrow(page)
}
