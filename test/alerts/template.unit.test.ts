import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseTemplate, templateProblem } from "#server/alerts/template.ts"

const SECRET = "the key of this installation"
const home = process.cwd()
let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "signalbox-template-"))
  await mkdir(path.join(folder, ".data"))
  await writeFile(path.join(folder, ".data", "secret.key"), SECRET)
  await writeFile(path.join(folder, "secret.liquid"), SECRET)
  process.chdir(folder)
})
afterAll(async () => {
  process.chdir(home)
  await rm(folder, { recursive: true, force: true })
})

/** What a template makes of a notification; why it is refused, where it is. */
function made(source: string): string {
  try {
    return parseTemplate(source)({ title: "billing is stopped", alerts: [{ labels: { group: "billing" } }] })
  } catch (error) {
    return String(error)
  }
}

describe("a template reads no file", () => {
  it.each([
    "{% include '.data/secret.key' %}",
    "{% render '.data/secret.key' %}",
    "{% layout '.data/secret.key' %}",
    "{% include 'secret' %}",
    "{% render 'secret' %}",
    "{% assign file = '.data/secret.key' %}{% include file %}",
    "{%- include ./.data/secret.key -%}",
    "{% for file in '.data/secret.key' %}{% render file %}{% endfor %}",
    "{% liquid\ninclude '.data/secret.key'\n%}",
    "{% block a %}{% include 'secret' %}{% endblock %}",
  ])("%s", (source) => {
    expect(made(source)).not.toContain(SECRET)
    expect(templateProblem(source)).not.toBeNull()
  })
})

it.each([
  "{{ title.constructor.constructor }}",
  "{{ alerts.constructor }}",
  "{{ __proto__ }}{{ title.__proto__ }}",
  "{{ process.env.SIGNALBOX_SECRET }}{{ globalThis }}{{ this }}",
])("a template sees nothing but the notification: %s", (source) => {
  expect(made(source)).toBe("")
})

it.each([
  "{% for i in (1..100000000) %}a{% endfor %}",
  "{% for i in (1..9000) %}{% for j in (1..9000) %}{{ title }}{% endfor %}{% endfor %}",
  `{% assign a = 'aaaaaaaa' %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`,
  "{{ title | replace: '', title | replace: '', title | replace: '', title | replace: '', title }}",
])("a template takes little time and memory: %s", (source) => {
  const began = performance.now()
  expect(made(source).length).toBeLessThan(5000)
  expect(performance.now() - began).toBeLessThan(20_000)
})
