import { createHmac } from "node:crypto"
import type { Message } from "#server/brokers/broker.ts"
import { ExactNumber, parseJson, printJson } from "../json.ts"
import { compilePath, type JSONValue, type JsonPath } from "../jsonpath.ts"
import { compilePattern, fitsName, type Pattern } from "../pattern.ts"
import type { MaskingRule, Part } from "./rule.ts"

export const HIDDEN = "••••"

/** Hides what the rules say. Where it cannot look inside, it hides the whole: rather too much than too little. */
export interface Mask {
  /** Whether a rule holds for this part at all. */
  holds(part: Part): boolean
  /** A value that was decoded to a tree; the tree that was given is not changed. */
  tree(part: "key" | "value", tree: unknown): unknown
  text(part: "key" | "value", text: string): string
  header(name: string, text: string): string
  /** Of bytes as they are: JSON and text are masked, anything else is hidden whole. */
  message(message: Message): Message
}

export const noMask: Mask = {
  holds: () => false,
  tree: (_part, tree) => tree,
  text: (_part, text) => text,
  header: (_name, text) => text,
  message: (message) => message,
}

interface Compiled {
  paths: { path: JsonPath; hide: Hide }[]
  patterns: { pattern: Pattern; hide: Hide }[]
}

type Hide = (found: string) => string

/** The mask of these rules. `secret` keys the hashes, so that nobody can try values against them. */
export function makeMask(rules: readonly MaskingRule[], secret: string): Mask {
  if (rules.length === 0) return noMask
  const parts = { key: compile(rules, "key", secret), value: compile(rules, "value", secret) }
  const inHeaders = rules.filter((rule) => rule.part === "headers")
  const header = headerMask(inHeaders, secret)
  const holds = (part: Part) =>
    part === "headers" ? inHeaders.length > 0 : parts[part].paths.length + parts[part].patterns.length > 0
  const tree = (part: "key" | "value", given: unknown) => maskTree(parts[part], given)
  const text = (part: "key" | "value", given: string) => maskText(parts[part], given)
  const bytes = (part: "key" | "value", given: Buffer | null) => {
    if (given === null || given.length === 0 || !holds(part)) return given
    const readable = utf8(given)
    return Buffer.from(readable === null ? HIDDEN : text(part, readable))
  }
  const headerBytes = (name: string, given: Buffer | null) => {
    if (given === null || given.length === 0 || !holds("headers")) return given
    const readable = utf8(given)
    if (readable !== null) return Buffer.from(header(name, readable))
    return inHeaders.some((rule) => rule.kind === "pattern" || fitsName(rule.expression, name))
      ? Buffer.from(HIDDEN)
      : given
  }
  return {
    holds,
    tree,
    text,
    header,
    message: (message) => ({
      ...message,
      key: bytes("key", message.key),
      value: bytes("value", message.value),
      headers: message.headers.map(({ key, value }) => ({ key, value: headerBytes(key, value) })),
    }),
  }
}

function compile(rules: readonly MaskingRule[], part: Part, secret: string): Compiled {
  const of = (kind: MaskingRule["kind"]) => rules.filter((rule) => rule.part === part && rule.kind === kind)
  return {
    paths: of("path").map((rule) => ({ path: compilePath(rule.expression), hide: hider(rule, secret) })),
    patterns: of("pattern").map((rule) => ({
      pattern: compilePattern(rule.expression),
      hide: hider(rule, secret),
    })),
  }
}

function headerMask(rules: readonly MaskingRule[], secret: string): Mask["header"] {
  const named = rules.filter((rule) => rule.kind === "path")
  const { patterns } = compile(
    rules.filter((rule) => rule.kind === "pattern"),
    "headers",
    secret,
  )
  return (name, text) => {
    const rule = named.find((one) => fitsName(one.expression, name))
    const hidden = rule ? hider(rule, secret)(text) : text
    return patterns.reduce((shown, { pattern, hide }) => pattern.replace(shown, hide), hidden)
  }
}

function hider(rule: MaskingRule, secret: string): Hide {
  switch (rule.how) {
    case "hide":
      return () => HIDDEN
    case "last4":
      return (found) => (found.length < 8 ? HIDDEN : HIDDEN + found.slice(-4))
    case "hash":
      return (found) => `#${createHmac("sha256", secret).update(found).digest("hex").slice(0, 12)}`
  }
}

function maskText({ paths, patterns }: Compiled, text: string): string {
  if (paths.length > 0) {
    const tree = tryJson(text)
    if (tree === undefined) return HIDDEN
    return printJson(maskTree({ paths, patterns }, tree), 0)
  }
  return patterns.reduce((shown, { pattern, hide }) => pattern.replace(shown, hide), text)
}

function maskTree({ paths, patterns }: Compiled, given: unknown): unknown {
  let tree = structured(given)
  for (const { path, hide } of paths) {
    try {
      for (const { location, value } of path.query(tree as JSONValue).nodes)
        tree = replaceAt(tree, location, hide(leafText(value)))
    } catch {
      return HIDDEN
    }
  }
  return patterns.length === 0 ? tree : maskLeaves(tree, patterns)
}

/** A copy of plain objects and lists, as JSONPath walks them. */
function structured(value: unknown): unknown {
  if (value instanceof Map) return structured(Object.fromEntries(value))
  if (value instanceof Set) return structured([...value])
  if (Array.isArray(value)) return value.map(structured)
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, structured(one)]))
  return value
}

function replaceAt(tree: unknown, location: (string | number)[], hidden: string): unknown {
  const last = location.at(-1)
  if (last === undefined) return hidden
  let at = tree
  for (const step of location.slice(0, -1)) at = (at as Record<string | number, unknown> | undefined)?.[step]
  if (typeof at === "object" && at !== null)
    Object.defineProperty(at, last, { value: hidden, enumerable: true, writable: true, configurable: true })
  return tree
}

function maskLeaves(value: unknown, patterns: Compiled["patterns"]): unknown {
  const shown = (text: string) => patterns.reduce((so, { pattern, hide }) => pattern.replace(so, hide), text)
  if (Array.isArray(value)) return value.map((one) => maskLeaves(one, patterns))
  if (isPlain(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [shown(key), maskLeaves(one, patterns)]),
    )
  if (value === null || typeof value === "boolean") return value
  const text = leafText(value)
  const masked = shown(text)
  return masked === text && !(value instanceof Uint8Array) ? value : masked
}

function leafText(value: unknown): string {
  if (value instanceof ExactNumber) return value.digits
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1")
  return typeof value === "object" && value !== null ? printJson(value, 0) : String(value)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof ExactNumber || value instanceof Uint8Array)
  )
}

function tryJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
