import type { Locator, Page } from "playwright-core"

export const WINDOW = { width: 1280, height: 900 }
const PARTS = ["Buttons", "Fields", "Switches", "Statuses", "Head", "Empty", "Table", "List"]

/** What opens, and what is photographed then. */
const OVERLAYS: readonly { name: string; open: (page: Page) => Locator; shows: string }[] = [
  {
    name: "select",
    open: (page) => page.getByRole("combobox", { name: "Format" }).first(),
    shows: ".list-popup",
  },
  { name: "combobox", open: (page) => page.getByRole("combobox", { name: "Topic" }), shows: ".list-popup" },
  {
    name: "calendar",
    open: (page) => page.getByRole("button", { name: "From: calendar" }),
    shows: ".list-popup",
  },
  { name: "menu", open: (page) => page.getByRole("button", { name: "Menu" }), shows: ".list-popup" },
  { name: "popover", open: (page) => page.getByRole("button", { name: "Popover" }), shows: ".list-popup" },
  { name: "dialog", open: (page) => page.getByRole("button", { name: "Dialog" }), shows: ".dialog" },
  { name: "drawer", open: (page) => page.getByRole("button", { name: "Drawer" }), shows: ".drawer" },
  { name: "toast", open: (page) => page.getByRole("button", { name: "Toast" }), shows: ".toast" },
]

/** Opens the page of all components. */
export async function openDesign(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/design`)
  await page.getByRole("heading", { name: "Design" }).waitFor()
  await page.evaluate(() => document.fonts.ready)
  // A menu that opens shows that the parts are here, and that the buttons of all of them stand where they will.
  await page.getByRole("button", { name: "Menu" }).click()
  await page.getByRole("menu").waitFor()
  await page.keyboard.press("Escape")
  await page.getByRole("menu").waitFor({ state: "detached" })
}

/** A picture of every part of the page, and of all that opens, by name; `look` sees each overlay while it is open. */
export async function photograph(
  page: Page,
  scheme: "light" | "dark",
  look: (name: string) => Promise<void> = async () => undefined,
): Promise<Map<string, Buffer>> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" })
  const pictures = new Map<string, Buffer>()
  const shoot = async (name: string, of: Locator) => {
    pictures.set(`${name}-${scheme}`, await of.screenshot({ animations: "disabled", caret: "hide" }))
  }
  for (const name of PARTS) await shoot(name.toLowerCase(), page.getByRole("region", { name, exact: true }))
  for (const { name, open, shows } of OVERLAYS) {
    await open(page).click()
    const shown = page.locator(shows).filter({ visible: true })
    await shown.waitFor()
    // Nothing that is pointed at: a pointer may stand anywhere.
    await page.mouse.move(0, 0)
    await shoot(name, shown)
    await look(name)
    if (name === "toast") await page.getByRole("button", { name: "Close" }).last().click()
    else await page.keyboard.press("Escape")
    await shown.waitFor({ state: "hidden" })
  }
  return pictures
}
