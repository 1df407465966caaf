import { expect, test } from "vitest"
import { type Import, readImports } from "./imports.ts"
import {
  DOORS,
  LAYERS,
  type Layer,
  ONLY_SYSTEMS_KNOWS,
  PACKAGES_IN_BROWSER,
  RUNS_IN_BROWSER,
  RUNS_ON_SERVER,
  SIDE_DOORS,
} from "./layers.ts"

const imports = await readImports(["app", "server"])

test("every file belongs to a layer", () => {
  const homeless = new Set(imports.map((one) => one.from).filter((file) => !layerOf(file)))
  expect([...homeless]).toEqual([])
})

test("imports point down the layers", () => {
  const wrong = imports.flatMap((one) => {
    const layer = layerOf(one.from)
    if (!layer || allowed(one, layer)) return []
    return [`${one.from} imports ${one.to}. ${layer.why}`]
  })
  expect(wrong).toEqual([])
})

test("a folder is entered by its door", () => {
  const wrong = imports.filter(({ from, to, ours }) => ours && !entersByDoor(from, to))
  expect(wrong.map((one) => `${one.from} imports ${one.to}`)).toEqual([])
})

test("every exception from the doors is needed", () => {
  const unused = SIDE_DOORS.filter(
    (door) => !imports.some(({ from, to }) => from === door.from && to === door.to),
  )
  expect(unused).toEqual([])
})

test("pages run nothing of the server but what is meant for browsers", () => {
  const wrong = imports.filter(
    ({ from, to, typeOnly }) =>
      from.startsWith("app/") &&
      to.startsWith("server/") &&
      !typeOnly &&
      !RUNS_IN_BROWSER.includes(to) &&
      !RUNS_ON_SERVER.some((pattern) => pattern.test(from)),
  )
  expect(wrong.map((one) => `${one.from} imports ${one.to}`)).toEqual([])
})

test("what is meant for browsers runs nothing but itself and words", () => {
  const words = ["server/errors.ts", ...RUNS_IN_BROWSER, ...PACKAGES_IN_BROWSER]
  const wrong = imports.filter(
    ({ from, to, typeOnly }) => RUNS_IN_BROWSER.includes(from) && !typeOnly && !words.includes(to),
  )
  expect(wrong.map((one) => `${one.from} imports ${one.to}`)).toEqual([])
})

test("only the list of systems imports a messaging system", () => {
  const { folder, importer } = ONLY_SYSTEMS_KNOWS
  const wrong = imports.filter(
    (one) =>
      one.ours &&
      folder.test(one.to) &&
      one.from !== importer &&
      folder.exec(one.from)?.[0] !== folder.exec(one.to)?.[0],
  )
  expect(wrong.map((one) => `${one.from} imports ${one.to}`)).toEqual([])
})

test("the demo and the scripts run without the tests", async () => {
  const needed = (await readImports(["scripts"])).filter(({ to }) => to.startsWith("test/"))
  expect(needed.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
})

test("no circle of imports, not even of types", () => {
  expect(circles(imports.filter((one) => one.ours))).toEqual([])
})

test("imports that leave their area, or climb twice in the pages, are written from the root", () => {
  const wrong = imports.filter(
    ({ from, to, specifier }) =>
      specifier.startsWith("../") &&
      (areaOf(from) !== areaOf(to) || (from.startsWith("app/") && specifier.startsWith("../../"))),
  )
  expect(wrong.map((one) => `${one.from} imports ${one.specifier}`)).toEqual([])
})

function entersByDoor(from: string, to: string): boolean {
  const [top, folder, ...inside] = to.split("/")
  if (top !== "server" || folder === undefined || inside.length === 0) return true
  if (areaOf(from) === areaOf(to) || RUNS_IN_BROWSER.includes(to)) return true
  if (SIDE_DOORS.some((door) => door.from === from && door.to === to)) return true
  return (DOORS[`server/${folder}`] ?? ["index.ts"]).includes(inside.join("/"))
}

/** app, or the folder below server/. */
function areaOf(file: string): string {
  const [top = "", below = ""] = file.split("/")
  return top === "app" ? top : `${top}/${below}`
}

function layerOf(file: string): Layer | undefined {
  return LAYERS.filter((layer) => file === layer.folder || file.startsWith(`${layer.folder}/`)).sort(
    (a, b) => b.folder.length - a.folder.length,
  )[0]
}

function allowed(one: Import, layer: Layer): boolean {
  if (!one.ours) return !(layer.without ?? []).some((pattern) => pattern.test(one.to))
  if (!/^(app|server)\//.test(one.to)) return false
  const target = layerOf(one.to)
  return target === layer || layer.may.some((folder) => one.to === folder || one.to.startsWith(`${folder}/`))
}

/** Every strongly connected component of more than one file, after Tarjan. */
function circles(edges: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (file: string): void => {
    index.set(file, index.size)
    low.set(file, index.get(file) ?? 0)
    stack.push(file)
    for (const to of next.get(file) ?? []) {
      if (!index.has(to)) visit(to)
      if (stack.includes(to)) low.set(file, Math.min(low.get(file) ?? 0, low.get(to) ?? 0))
    }
    if (low.get(file) !== index.get(file)) return
    const members = stack.splice(stack.indexOf(file))
    if (members.length > 1) found.push(members.sort())
  }
  for (const file of next.keys()) if (!index.has(file)) visit(file)
  return found
}
