import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { ensureBuild, isBuildStale } from "#server/build/index.ts"
import { hashSources } from "#server/build/inputs.ts"
import { writeStamp } from "#server/build/stamp.ts"

interface Checkout extends AsyncDisposable {
  root: string
  write(file: string, content: string): Promise<void>
  remove(place: string): Promise<void>
  /** Leaves what a finished build of these sources leaves. */
  built(basePath: string): Promise<void>
}

async function checkout(): Promise<Checkout> {
  const root = await mkdtemp(path.join(tmpdir(), "signalbox-build-"))
  const write = async (file: string, content: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), content)
  }
  await write("app/page.tsx", "one")
  await write("server/web.ts", "one")
  await write("package-lock.json", "{}")
  return {
    root,
    write,
    remove: (place) => rm(path.join(root, place), { recursive: true }),
    built: async (basePath) => {
      await write(".next/BUILD_ID", "some build")
      await writeStamp(root, { sources: (await hashSources(root)) ?? "", basePath })
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

test("pages that were built of these sources are not built again", async () => {
  await using own = await checkout()
  const { root } = own
  expect(await isBuildStale({ root })).toBe(true)
  await own.built("")
  expect(await isBuildStale({ root })).toBe(false)
  await ensureBuild({ root, onBuild: () => expect.unreachable("nothing changed") })
})

test.each([
  ["changed", "app/page.tsx"],
  ["added", "app/lag/page.tsx"],
  ["upgraded with its packages", "package-lock.json"],
  ["changed below server", "server/web.ts"],
])("pages are stale when a source was %s", async (_how, file) => {
  await using own = await checkout()
  await own.built("")
  await own.write(file, "two")
  expect(await isBuildStale({ root: own.root })).toBe(true)
  await own.built("")
  expect(await isBuildStale({ root: own.root })).toBe(false)
})

test("pages are stale when a source was removed, or the build did not finish", async () => {
  await using own = await checkout()
  await own.built("")
  await own.remove("server/web.ts")
  expect(await isBuildStale({ root: own.root })).toBe(true)
  await own.built("")
  await own.remove(".next/BUILD_ID")
  expect(await isBuildStale({ root: own.root })).toBe(true)
})

test("the generated database client is no source", async () => {
  await using own = await checkout()
  await own.built("")
  await own.write("server/store/prisma/client.ts", "generated")
  expect(await isBuildStale({ root: own.root })).toBe(false)
})

test("pages are stale when they were built for another path", async () => {
  await using own = await checkout()
  await own.built("/signalbox")
  expect(await isBuildStale({ root: own.root, basePath: "/signalbox" })).toBe(false)
  expect(await isBuildStale({ root: own.root })).toBe(true)
})

test("an installation without the sources of the pages serves those that came along", async () => {
  await using own = await checkout()
  await own.built("/signalbox")
  await own.remove("app")
  await ensureBuild({ root: own.root, basePath: "/signalbox" })
  await expect(ensureBuild({ root: own.root })).rejects.toThrow(
    /were built for the path \/signalbox, not \/: change the path in SIGNALBOX_URL/,
  )
  await own.remove(".next")
  await expect(ensureBuild({ root: own.root })).rejects.toThrow(/neither built pages nor their sources/)
})

test("a failed build says what the builder said, and leaves no pages that count as built", async () => {
  await using own = await checkout()
  const { root } = own
  await own.built("")
  await own.write("app/page.tsx", "two")
  let builds = 0
  const onBuild = () => builds++
  await expect(ensureBuild({ root, onBuild })).rejects.toThrow(/could not be built:\n.*generate/s)
  expect(builds).toBe(1)
  await own.write("app/page.tsx", "one")
  expect(await isBuildStale({ root })).toBe(true)
})
