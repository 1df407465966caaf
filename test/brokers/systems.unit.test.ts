import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import type { BrokerSystem } from "#server/brokers/system.ts"
import { systems } from "#server/brokers/systems.ts"

const root = path.resolve(import.meta.dirname, "../..")
const at = (...parts: string[]) => path.join(root, ...parts)
const textOf = (file: string) => (existsSync(at(file)) ? readFileSync(at(file), "utf8") : "")

/** What a system still lacks, in words (docs/contributors/add-a-broker.md). */
function missingFiles(id: string): string[] {
  const contractRun = `test/brokers/${id}.test.ts`
  const page = `docs/connecting-${id}.md`
  const quirks = `server/brokers/${id}/README.md`
  const stack = `scripts/stack/${id}`
  return [
    existsSync(at(`server/brokers/${id}/index.ts`)) ? [] : `${id} has no folder server/brokers/${id}/`,
    textOf(quirks).length > 200 ? [] : `${id} does not tell its quirks: write ${quirks}`,
    textOf(contractRun).includes("testBroker(")
      ? []
      : `${id} is not held to the contract: call testBroker in ${contractRun}`,
    existsSync(at(stack)) && readdirSync(at(stack)).some((file) => file.endsWith(".ts"))
      ? []
      : `no real server of ${id} can be started for the tests: write ${stack}/`,
    textOf(page).length > 200 ? [] : `nobody is told how to connect ${id}: write ${page}`,
  ].flat()
}

function missingWords(id: string, system: BrokerSystem): string[] {
  const { destination, group, node, health, allWell } = system.words
  const words = [
    ...[destination, group, node].flatMap((word) => [word.one, word.many]),
    ...Object.values(health).flatMap(({ word, why }) => [word, why]),
    allWell,
  ]
  const names = system.fields.map((field) => field.name)
  const unhelped = system.fields.filter((field) => !field.label || !field.help).map((field) => field.name)
  const choiceless = system.fields.filter((field) => field.kind === "select" && !field.options?.length)
  const hidden = system.fields.filter((field) => field.when && !names.includes(field.when.field))
  return [
    system.id === id ? [] : `${id} calls itself ${system.id}: its id is its key in systems.ts`,
    system.name && words.every(Boolean) ? [] : `${id} has no word for something that it shows`,
    /^M[\d\s.,a-zA-Z-]+$/.test(system.icon) ? [] : `${id} has no icon: give path data of a 24×24 drawing`,
    names.length > 0 ? [] : `${id} has no connection form: list its fields`,
    unhelped.map((name) => `the field ${name} of ${id} has no label or no help`),
    choiceless.map((field) => `the field ${field.name} of ${id} offers nothing to choose`),
    hidden.map((field) => `the field ${field.name} of ${id} waits for a field that is not there`),
    new Set(names).size === names.length ? [] : `${id} has two fields of one name`,
  ].flat()
}

describe.each(Object.entries(systems))("the system %s", (id, system) => {
  it("has all that belongs to a system", () => {
    expect(missingFiles(id)).toEqual([])
  })

  it("has the words, the icon and the form that pages are made of", () => {
    expect(missingWords(id, system)).toEqual([])
  })

  it("refuses an empty connection with words, and a setting that it does not know", () => {
    const refused = system.connection.safeParse({})
    expect(refused.success).toBe(false)
    expect(refused.error?.issues.every((issue) => issue.message.length > 0)).toBe(true)
    const stranger = system.connection.safeParse({ "no-such-field": 1 }).error?.issues ?? []
    expect(stranger.some((issue) => issue.code === "unrecognized_keys")).toBe(true)
  })
})

it("a system that lacks everything is told so in words", () => {
  const missing = missingFiles("no-such-system")
  expect(missing).toHaveLength(5)
  expect(missing.join(" ")).toMatch(/no folder.*quirks.*contract.*real server.*connect/)
})

it("only the list of systems knows which there are", () => {
  const files = readdirSync(at("server"), { recursive: true, encoding: "utf8" })
  const outside = files.filter((file) => file.endsWith(".ts") && !file.startsWith("brokers/"))
  const folders = Object.keys(systems).map((id) => `brokers/${id}/`)
  const knowing = outside.filter((file) =>
    folders.some((folder) => textOf(`server/${file}`).includes(folder)),
  )
  expect(knowing).toEqual([])
})
