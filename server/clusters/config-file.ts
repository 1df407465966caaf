import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { LineCounter, parseDocument } from "yaml"
import { z } from "zod"
import { type SignInConfig, signInSection } from "#server/access/index.ts"
import { findSystem } from "#server/brokers/systems.ts"
import { DomainError } from "#server/errors.ts"
import { environment } from "./rows.ts"

const DEFAULT_PATH = "signalbox.yaml"

const cluster = z.strictObject({
  name: z.string().min(1).max(80),
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "may hold a-z, 0-9 and -")
    .optional(),
  system: z.string(),
  // Coerced, because a value from the environment is always text.
  intervalMs: z.coerce.number().int().min(1000).max(3_600_000).default(10_000),
  environment,
  connection: z.record(z.string(), z.unknown()),
})

const file = z.strictObject({ clusters: z.array(cluster).default([]), signIn: signInSection.optional() })

/** Alert rules are not judged here: a mistake in one must stop neither the others nor the start. */
const alertsSection = z.strictObject({ rules: z.array(z.unknown()).default([]) }).prefault({})

export interface ConfigFile {
  /** As it was found. */
  path: string
  clusters: FileCluster[]
  signIn: SignInConfig | undefined
  alertRules: FileEntry[]
}

/** One entry of a list, as it stands in the file. */
export interface FileEntry {
  /** With the environment's values in it. */
  value: unknown
  /** The variable that it needs and that is not set. */
  problem: { path: PropertyKey[]; message: string } | null
  lineOf(path: readonly PropertyKey[]): number
}

export interface FileCluster {
  name: string
  slug: string
  system: string
  environment?: string | null | undefined
  intervalMs: number
  connection: unknown
}

/** What SIGNALBOX_CONFIG names, or signalbox.yaml where Signalbox was started; null: there is none. */
export async function readOwnFile(
  config: { configFile: string | undefined },
  env: NodeJS.ProcessEnv,
): Promise<ConfigFile | null> {
  const file = ownFilePath(config)
  return file ? readConfigFile(file, env) : null
}

/** Where signalbox.yaml is, or would be. */
export function ownFilePath(config: { configFile: string | undefined }): string | null {
  return config.configFile ?? (existsSync(DEFAULT_PATH) ? DEFAULT_PATH : null)
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

/**
 * The text of signalbox.yaml as clusters, alert rules, and how people sign in; `${NAME}` and `${NAME:-default}` are taken
 * from the environment, and `$${NAME}` is the text itself.
 */
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
  const check = <Schema extends z.ZodType>(schema: Schema, value: unknown, at: PropertyKey[]) => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    return fail([...at, ...(issue?.path ?? [])], `${issue?.message}. docs/configuration.md has an example.`)
  }
  const { alerts, ...others } = check(z.looseObject({}), document.toJS() ?? {}, [])
  const data = check(file, substitute(others, { env: from.env, fail, path: [] }), [])
  const { rules } = check(alertsSection, alerts ?? undefined, ["alerts"])
  const alertRules = rules.map((value, i) =>
    entryOf(value, from.env, (path) => lineOf(["alerts", "rules", i, ...path])),
  )
  const clusters = data.clusters.map((one) => ({ ...one, slug: one.slug ?? slugOf(one.name) }))
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
  return { path: from.path, clusters: checked, signIn: data.signIn, alertRules }
}

class NotSet extends Error {
  readonly path: PropertyKey[]

  constructor(path: PropertyKey[], message: string) {
    super(message)
    this.path = path
  }
}

function entryOf(value: unknown, env: NodeJS.ProcessEnv, lineOf: FileEntry["lineOf"]): FileEntry {
  const fail = (path: PropertyKey[], message: string): never => {
    throw new NotSet(path, message)
  }
  try {
    return { value: substitute(value, { env, fail, path: [] }), problem: null, lineOf }
  } catch (error) {
    if (!(error instanceof NotSet)) throw error
    return { value, problem: { path: error.path, message: error.message }, lineOf }
  }
}

/** A name as it stands in URLs; `otherwise`: where nothing of it can stand there. */
export function slugOf(name: string, otherwise = "cluster"): string {
  const slug = name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
  return slug || otherwise
}

interface Substitution {
  env: NodeJS.ProcessEnv
  fail: (path: PropertyKey[], message: string) => never
  path: PropertyKey[]
}

const VARIABLE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Text that `substitute` makes the given one of. */
export function escapeVariables(text: string): string {
  return text.replace(VARIABLE, (written) => `$${written}`)
}

function substitute(value: unknown, within: Substitution): unknown {
  if (typeof value === "string") {
    return value.replace(VARIABLE, (written: string, name: string, fallback?: string) => {
      if (written.startsWith("$$")) return written.slice(1)
      const found = within.env[name] ?? fallback
      return found ?? within.fail(within.path, `needs the environment variable ${name}, which is not set.`)
    })
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
