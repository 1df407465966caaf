import { existsSync, readFileSync } from "node:fs"
import { cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { freePort } from "#scripts/stack/ports.ts"
import { until } from "#test/until.ts"
import { lendCompiled, linkPackages } from "./copies.ts"
import { type Newcomer, newcomer, type Running, rolesIn } from "./newcomer.ts"
import { publish, replaceIn, type Upstream } from "./upstream.ts"

const root = path.resolve(import.meta.dirname, "../..")
const SIGN_IN = "app/(auth)/sign-in/view.tsx"
const SENTENCE = "Sign in to Signalbox"
/** For an installation, a build or a first compilation on a busy machine. */
const PATIENCE_MS = 1_200_000

let home: string
let clone: string
let upstream: Upstream
let person: Newcomer
let url: string

beforeAll(async () => {
  home = await realpath(await mkdtemp(path.join(tmpdir(), "signalbox-newcomer-")))
  clone = path.join(home, "signalbox")
  await mkdir(path.join(home, "home"))
  upstream = await publish(home)
  await upstream.clone(clone)
  const port = await freePort()
  person = newcomer(clone, path.join(home, "home"), port)
  url = `http://localhost:${port}`
})
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))

/** Where the packages that only developers need would be. */
function developmentPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(path.join(clone, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean }>
  }
  return Object.keys(packages).filter((place) => packages[place]?.dev)
}

const isThere = (place: string) => existsSync(path.join(clone, place))

async function page(address: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url + address)
  return { status: answer.status, text: await answer.text() }
}

async function untilServed(running: Running, sentence: string): Promise<void> {
  const served = async () => (await page("/sign-in")).text.includes(sentence)
  await until(`it serves "${sentence}"`, () => running.ended() || served(), PATIENCE_MS)
  expect(running.ended(), running.printed()).toBe(false)
}

describe("from a clone", () => {
  test(
    "Signalbox is installed, built and started without a development package",
    async () => {
      await person.run("npm", "ci", "--omit=dev")
      expect(developmentPackages().length).toBeGreaterThan(50)
      expect(developmentPackages().filter(isThere)).toEqual([])
      // As npm's cache, Next's spares work that this checkout has done; the pages are built of the clone's sources.
      await lendCompiled(clone)
      await person.run("npm", "run", "build")
      await using signalbox = person.start("npm", "start")
      await untilServed(signalbox, SENTENCE)
      expect(signalbox.printed()).not.toContain("Building the pages")
      expect(await page("/healthz")).toEqual({ status: 200, text: "ok\n" })
      expect((await page("/sign-in")).status).toBe(200)
      const link = /http:\/\/localhost:\d+(\/setup\S+)/.exec(signalbox.printed())?.[1] ?? ""
      expect(await page(link)).toMatchObject({ status: 200, text: expect.stringContaining("password") })
      await signalbox.interrupt()
    },
    PATIENCE_MS,
  )

  test(
    "an upgrade is pulled and started, and serves its own pages",
    async () => {
      await upstream.edit(SIGN_IN, SENTENCE, "Welcome to the next version")
      await upstream.pull(clone)
      await using signalbox = person.start("npm", "start")
      await untilServed(signalbox, "Welcome to the next version")
      expect(signalbox.printed()).toContain("Building the pages")
      expect((await page("/sign-in")).text).not.toContain(SENTENCE)
      await signalbox.interrupt()
    },
    PATIENCE_MS,
  )

  test(
    "`npm run dev` starts all of it, and serves what is edited without a restart",
    async () => {
      // What `npm ci` and Maven would bring again: the demo installs what is missing.
      await linkPackages(clone)
      await cp(path.join(root, ".cache"), path.join(clone, ".cache"), {
        recursive: true,
        filter: (from) => from === path.join(root, ".cache") || /\/\.cache\/(kafka|shop-java)-/.test(from),
      })
      await using dev = person.start("npm", "run", "dev")
      await until(
        "all of it has started",
        () => dev.ended() || dev.printed().includes("Signalbox watches the shop at"),
        PATIENCE_MS,
      )
      await untilServed(dev, "Welcome to the next version")
      await until("the collector runs", () => dev.printed().includes("collector started"))
      const before = await rolesIn(clone)
      expect(before.length).toBeGreaterThan(2)
      await replaceIn(path.join(clone, SIGN_IN), "Welcome to the next version", "Edited a moment ago")
      await untilServed(dev, "Edited a moment ago")
      expect(await rolesIn(clone)).toEqual(expect.arrayContaining(before))
      await dev.interrupt()
      expect(dev.printed()).toContain("everything stopped")
    },
    PATIENCE_MS,
  )
})
