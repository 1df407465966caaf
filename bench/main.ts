import { readdir } from "node:fs/promises"
import path from "node:path"

/** `npm run bench -- NAME`: runs bench/NAME.ts. Each prints a table and ends with one line of JSON. */
const [name = "", ...rest] = process.argv.slice(2)
const files = await readdir(import.meta.dirname)
const names = files.flatMap((file) =>
  file.endsWith(".ts") && !file.endsWith("-world.ts") && file !== "main.ts" ? [file.slice(0, -3)] : [],
)
if (!names.includes(name)) {
  console.error(`Say which: npm run bench -- ${names.join(" | ")}`)
  process.exit(2)
}
process.argv = [process.argv[0] ?? "", path.join(import.meta.dirname, `${name}.ts`), ...rest]
const bench: { default?: () => Promise<void> } = await import(`./${name}.ts`)
await bench.default?.()
