import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { LineCounter, parseDocument } from "yaml"
import { z } from "zod"
import { type SignInConfig, signInSection } from "#server/access/index.ts"
import { findSystem } from "#server/brokers/systems.ts"
import { DomainError } from "#server/errors.ts"

const cluster = z.strictObject({
  name: z.string().min(1).max(80),
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "may hold a-z, 0-9 and -")
    .optional(),
  system: z.string(),
  // Coerced, because a value from the environment is always text.
  intervalMs: z.coerce.number().int().min(1000).max(3_600_000).default(10_000),
  connection: z.record(z.string(), z.unknown()),
})

const file = z.strictObject({ clusters: z.array(cluster).default([]), signIn: signInSection.optional() })

interface ConfigFile {
  clusters: FileCluster[]
  signIn: SignInConfig | undefined
}

export interface FileCluster {
  name: string
  slug: string
  system: string
  intervalMs: number
  connection: unknown
}

/** What SIGNALBOX_CONFIG names, or signalbox.yaml where Signalbox was started; null: there is none. */
export async function readOwnFile(
  config: { configFile: string | undefined },
  env: NodeJS.ProcessEnv,
): Promise<ConfigFile | null> {
  const file = config.configFile ?? (existsSync("signalbox.yaml") ? "signalbox.yaml" : null)
  return file ? readConfigFile(file, env) : null
}

/** Reads signalbox.yaml. Throws a DomainError that names the line and what to do. */
async function readConfigFile(path: string, env: NodeJS.ProcessEnv): Promise<ConfigFile> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new DomainError("bad_input", `${path} cannot be read. Check the path in SIGNALBOX_CONFIG.`, {
      cause,
    })
  })
  return parseConfigFile(text, { path, env })
}

/** The text of signalbox.yaml as clusters, and how people sign in; `${NAME}` and `${NAME:-default}` are taken from the environment. */
export function parseConfigFile(text: string, from: { path: string; env: NodeJS.ProcessEnv }): ConfigFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken) throw new DomainError("bad_input", `${from.path}: ${broken.message}`)
  const lineOf = (path: PropertyKey[]) => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true)
      if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) {
        return lines.linePos(node.range[0]).line
      }
    }
    return 1
  }
  const fail = (path: PropertyKey[], message: string): never => {
    throw new DomainError("bad_input", `${from.path}, line ${lineOf(path)}: ${path.join(".")} ${message}`)
  }
  const values = substitute(document.toJS() ?? {}, { env: from.env, fail, path: [] })
  const parsed = file.safeParse(values)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return fail(issue?.path ?? [], `${issue?.message}. docs/configuration.md has an example.`)
  }
  const clusters = parsed.data.clusters.map((one) => ({ ...one, slug: one.slug ?? slugOf(one.name) }))
  const checked = clusters.map((one, index) => {
    const first = clusters.findIndex((other) => other.slug === one.slug)
    if (first < index) {
      const taken = `is "${one.slug}" in URLs, as the cluster of line ${lineOf(["clusters", first])} is`
      return fail(["clusters", index], `${taken}: give one of them another slug.`)
    }
    const system = findSystem(one.system)
    if (!system)
      return fail(["clusters", index, "system"], `"${one.system}" is not a system that Signalbox knows.`)
    const connection = system.connection.safeParse(one.connection)
    if (!connection.success) {
      const issue = connection.error.issues[0]
      return fail(["clusters", index, "connection", ...(issue?.path ?? [])], issue?.message ?? "is invalid")
    }
    return one
  })
  return { clusters: checked, signIn: parsed.data.signIn }
}

/** A name as it stands in URLs. */
export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
  return slug || "cluster"
}

interface Substitution {
  env: NodeJS.ProcessEnv
  fail: (path: PropertyKey[], message: string) => never
  path: PropertyKey[]
}

function substitute(value: unknown, within: Substitution): unknown {
  if (typeof value === "string") {
    return value.replace(
      /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
      (_, name: string, fallback?: string) => {
        const found = within.env[name] ?? fallback
        return found ?? within.fail(within.path, `needs the environment variable ${name}, which is not set.`)
      },
    )
  }
  if (Array.isArray(value))
    return value.map((item, i) => substitute(item, { ...within, path: [...within.path, i] }))
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    substitute(item, { ...within, path: [...within.path, key] }),
  ])
  return Object.fromEntries(entries)
}
