import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"

const app = path.resolve(import.meta.dirname, "../../app")

/** What Next does not prefix by the base path (app/base-path.ts): each must be given an address by `withBasePath`. */
const BARE = [
  /\bfetch\(\s*["'`]\//g,
  /\blocation\.(assign|replace)\(\s*["'`]\//g,
  /\blocation\.href\s*=\s*["'`]\//g,
  /\blocation\.origin\}\//g,
  /<(a|form|img|iframe)\s[^>]*\b(href|action|src)=\{?["'`]\//g,
  /["'`]\/api\/(messages|audit|auth|trpc|v1)\b/g,
]

test("no page asks for an address past the base path", async () => {
  // Routes are asked with the base path taken off.
  const files = (await readdir(app, { recursive: true })).filter(
    (file) => /\.tsx?$/.test(file) && !file.endsWith("route.ts"),
  )
  const found = files.map(async (file) => {
    const text = (await readFile(path.join(app, file), "utf8")).replace(/withBasePath\([^)]*\)?/g, "")
    const matches = BARE.flatMap((pattern) => [...text.matchAll(pattern)])
    return matches.map(([match]) => `app/${file}: ${match}`)
  })
  expect((await Promise.all(found)).flat()).toEqual([])
})
