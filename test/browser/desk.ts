import type { Browser, BrowserContext, Page, Response } from "playwright-core"
import { expect, inject } from "vitest"
import { signIn, startBrowser } from "#scripts/browser.ts"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { startWeb, type WebOptions, type WebWorld } from "./web.ts"

/**
 * Signalbox as its administrator has it open: on a database of its own, in a browser of its own, signed in. The browser speaks
 * another language, and lives in another time zone (vitest.config.ts), than the server.
 */
export interface Desk extends AsyncDisposable {
  world: WebWorld
  browser: Browser
  context: BrowserContext
  page: Page
  go(address: string, on?: Page): Promise<Response | null>
}

type DeskOptions = Partial<Omit<WebOptions, "databaseUrl">>

/** With the shared Kafka and both roles, unless it is told otherwise. */
export async function startDesk(options: DeskOptions = {}): Promise<Desk> {
  await using started = new AsyncDisposableStack()
  const database = started.use(await createDatabase(inject("postgresUrl")))
  const bootstrap = inject("kafkaBootstrap")
  const roles: WebOptions["roles"] = ["web", "collector"]
  const world = started.use(await startWeb({ bootstrap, roles, ...options, databaseUrl: database.url }))
  const browser = await startBrowser()
  started.defer(() => browser.close())
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "de-DE",
    // A reverse proxy of ours has a certificate that no browser knows.
    ignoreHTTPSErrors: world.login.url.startsWith("https:"),
  })
  const errors = errorsOf(context)
  const page = await context.newPage()
  await signIn(page, world.login)
  await page.getByRole("link", { name: "shop", exact: true }).first().waitFor()
  const owned = started.move()
  return {
    ...{ world, browser, context, page },
    go: (address, on = page) => on.goto(world.login.url + address),
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync()
      expect(errors, "errors inside the pages").toEqual([])
    },
  }
}

/** What breaks inside its pages: a script, or the server's HTML that is not what the browser makes of it. */
function errorsOf(context: BrowserContext): string[] {
  const errors: string[] = []
  context.on("weberror", (error) => {
    errors.push(`${error.page()?.url()}: ${error.error().message}`)
  })
  return errors
}
