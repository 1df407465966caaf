import type { Locator, Page } from "playwright-core"

/** Chooses an option of a select or combobox, as a person does: opens it, and presses what is called so. */
export async function choose(select: Locator, option: string | RegExp): Promise<void> {
  await select.click()
  // What was open before may stay in the page, unseen.
  const popup = select.page().locator(".list-popup").filter({ visible: true })
  const exact = typeof option === "string"
  await popup.getByRole("option", { name: option, exact }).click()
  await popup.first().waitFor({ state: "detached" })
}

/** What a select stands on. */
export async function chosen(select: Locator): Promise<string> {
  return ((await select.textContent()) ?? "").trim()
}

/** Opens a menu and presses one of its acts. */
export async function pick(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole("button", { name: menu }).click()
  await page.getByRole("menuitem", { name: item, exact: true }).click()
}

/** What a select lets one choose. */
export async function optionsOf(select: Locator): Promise<string[]> {
  await select.click()
  const options = select.page().locator(".list-popup").filter({ visible: true }).getByRole("option")
  await options.first().waitFor()
  const names = await options.allTextContents()
  await select.page().keyboard.press("Escape")
  return names
}
