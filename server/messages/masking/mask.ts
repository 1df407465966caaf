import { createHmac } from "node:crypto"
import type { Message } from "#server/brokers/broker.ts"
import { fitsName } from "#server/fits-name.ts"
import { isReadable } from "../decode/formats/text.ts"
import { schemaRefOf } from "../decode/wire.ts"
import { parseTree, printTree } from "../json.ts"
import { compilePath, type JSONValue, type JsonPath } from "../jsonpath.ts"
import { compilePattern, type Pattern } from "../pattern.ts"
import { Bytes, NumberText, ObjectTree, type Tree, toPlain } from "../tree.ts"
import { bytesReadings, readingsOf } from "./readings.ts"
import { type MaskingRule, PARTS, type Part } from "./rule.ts"

export const HIDDEN = "••••"

/** Hides what the rules say. Where it cannot look inside, it hides the whole: rather too much than too little. */
export interface Mask {
  /** What it was made of, so that it can be made again in another process. */
  readonly order: { rules: readonly MaskingRule[]; secret: string }
  /** The mask of one message: where it says itself that it is a copy, what hides it where it comes from hides it here. */
  of(message: Message): Mask
  /** Whether a rule holds for this part at all. */
  holds(part: Part): boolean
  /** A value that was decoded to a tree; the tree that was given is not changed. */
  tree(part: "key" | "value", tree: Tree): Tree
  text(part: "key" | "value", text: string): string
  header(name: string, text: string): string
  /** Of bytes as they are: JSON and text are masked, anything else is hidden whole. */
  message(message: Message): Message
}

export const noMask: Mask = {
  order: { rules: [], secret: "" },
  of: () => noMask,
  holds: () => false,
  tree: (_part, tree) => tree,
  text: (_part, text) => text,
  header: (_name, text) => text,
  message: (message) => message,
}

/** Whether a mask hides anything at all. */
export function hidesAny(mask: Mask): boolean {
  return PARTS.some((part) => mask.holds(part))
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
  const tree = (part: "key" | "value", given: Tree) => maskTree(parts[part], given)
  const text = (part: "key" | "value", given: string) => maskText(parts[part], given)
  const bytes = (part: "key" | "value", message: Message) => {
    const given = message[part]
    if (given === null || given.length === 0 || !holds(part)) return given
    const readable = utf8(given)
    if (readable === null || !saysItself(part, message, readable)) return Buffer.from(HIDDEN)
    return Buffer.from(text(part, readable))
  }
  const headerBytes = (name: string, given: Buffer | null) => {
    if (given === null || given.length === 0) return given
    if ((holds("key") || holds("value")) && SAYS.test(name) && !NAME.test(given.toString("latin1")))
      return Buffer.from(HIDDEN)
    if (!holds("headers")) return given
    const readable = utf8(given)
    if (readable !== null && isReadable(readable)) return Buffer.from(header(name, readable))
    return inHeaders.some((rule) => rule.kind === "pattern" || fitsName(rule.expression, name))
      ? Buffer.from(HIDDEN)
      : given
  }
  const mask: Mask = {
    order: { rules, secret },
    of: () => mask,
    holds,
    tree,
    text,
    header,
    message: (message) => ({
      ...message,
      key: bytes("key", message),
      value: bytes("value", message),
      headers: message.headers.map(({ key, value }) => ({ key, value: headerBytes(key, value) })),
    }),
  }
  return mask
}

/** A mask whose messages may be copies: `maskOf` answers that of a message, or null where nothing more hides it. */
export function withCopies(mask: Mask, maskOf: (message: Message) => Mask | null): Mask {
  const of = (message: Message) => maskOf(message) ?? mask
  return { ...mask, of, message: (message) => of(message).message(message) }
}

/** Where a schema is named, only JSON says by itself what it means: anything else looks like text at best. */
function saysItself(part: "key" | "value", message: Message, readable: string): boolean {
  const bytes = message[part]
  if (bytes === null || schemaRefOf({ bytes, part, headers: message.headers }) === null) return true
  return /^\s*[[{]/.test(readable) && tryJson(readable) !== undefined
}

/** Headers in which dead letters quote an exception, and it the message. The name of a class alone quotes nothing. */
const SAYS = /exception|error|stack|reason|cause/i
const NAME = /^(?!.*\d{7})[a-zA-Z_$][\w.$]*$/

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
    const own = named.filter((one) => fitsName(one.expression, name))
    const hidden = own.reduce((shown, rule) => hider(rule, secret)(shown), text)
    return patternedHeader(patterns, hidden)
  }
}

/** Plain text keeps what a pattern does not match; JSON, markup and numbers are matched by what they mean, as in values. */
function patternedHeader(patterns: Compiled["patterns"], text: string): string {
  const plain = patterns.reduce((shown, { pattern, hide }) => pattern.replace(shown, hide), text)
  if (plain !== text && !STRUCTURED.test(text)) return saysMore(plain, patterns) ? HIDDEN : plain
  return maskText({ paths: [], patterns }, text)
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

/**
 * A text that may be JSON is masked as the tree it is, whatever its escapes. Of any other only plain text can be searched
 * for a pattern: what looks like markup, or has control characters, may say the same in another way, and is hidden.
 */
function maskText({ paths, patterns }: Compiled, text: string): string {
  if (paths.length === 0 && patterns.length === 0) return text
  const tree = tryJson(text)
  if (tree !== undefined) {
    const masked = printTree(maskTree({ paths, patterns }, tree), 0)
    return masked === printTree(tree, 0) ? text : masked
  }
  if (paths.length > 0 || STRUCTURED.test(text) || !isReadable(text)) return HIDDEN
  const shown = patterns.reduce((so, { pattern, hide }) => pattern.replace(so, hide), text)
  return saysMore(shown, patterns) ? HIDDEN : shown
}

/** Whether a pattern finds something in what a text says in another encoding. */
function saysMore(text: string, patterns: Compiled["patterns"]): boolean {
  for (const reading of readingsOf(text))
    if (patterns.some(({ pattern }) => pattern.test(reading))) return true
  return false
}

/** JSON or XML that is cut off or broken, or that escapes characters. */
const STRUCTURED = /^\s*[[{<"]|&#|\\[ux]/

function maskTree({ paths, patterns }: Compiled, given: Tree): Tree {
  let tree = paths.length === 0 ? given : copied(given)
  for (const { path, hide } of paths) {
    try {
      for (const { location } of path.query(toPlain(tree) as JSONValue).nodes)
        tree = hiddenAt(tree, location, hide)
    } catch {
      return HIDDEN
    }
  }
  return patterns.length === 0 ? tree : maskLeaves(tree, patterns)
}

/** A copy to be changed. Of fields of the same name a path finds only the last: the others are hidden whole. */
function copied(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(copied)
  if (!(tree instanceof ObjectTree)) return tree
  const last = new Map(tree.entries.map(([name], at) => [name, at]))
  return new ObjectTree(
    tree.entries.map(([name, value], at) => [name, last.get(name) === at ? copied(value) : HIDDEN]),
  )
}

/** The tree with what stands at a place hidden; changed in place. */
function hiddenAt(tree: Tree, location: readonly (string | number)[], hide: Hide): Tree {
  const [step, ...rest] = location
  if (step === undefined) return hide(leafText(tree))
  if (Array.isArray(tree) && typeof step === "number") {
    const item = tree[step]
    if (item !== undefined) tree[step] = hiddenAt(item, rest, hide)
  }
  if (tree instanceof ObjectTree) {
    const entry = tree.entries.findLast(([name]) => name === step)
    if (entry) entry[1] = hiddenAt(entry[1], rest, hide)
  }
  return tree
}

function maskLeaves(tree: Tree, patterns: Compiled["patterns"]): Tree {
  const shown = (text: string) => {
    const so = patterns.reduce((left, { pattern, hide }) => pattern.replace(left, hide), text)
    return saysMore(so, patterns) ? HIDDEN : so
  }
  if (tree instanceof Bytes) return hidesBytes(tree, patterns) ? HIDDEN : tree
  if (Array.isArray(tree)) return tree.map((one) => maskLeaves(one, patterns))
  if (tree instanceof ObjectTree)
    return new ObjectTree(tree.entries.map(([name, one]) => [shown(name), maskLeaves(one, patterns)]))
  if (tree === null || typeof tree === "boolean") return tree
  const text = leafText(tree)
  const masked = shown(text)
  if (masked !== text) return masked
  // Larger than can be told exactly, and not in digits alone: a pattern cannot be evaluated.
  if (tree instanceof NumberText && /[.e]/i.test(text) && Math.abs(Number(text)) > Number.MAX_SAFE_INTEGER)
    return HIDDEN
  const digits = tree instanceof NumberText || typeof tree === "number" ? wholeDigits(text) : null
  const hidden = digits === null ? null : shown(digits)
  return hidden === digits ? tree : hidden
}

function hidesBytes({ value }: Bytes, patterns: Compiled["patterns"]): boolean {
  const readings = bytesReadings(Buffer.from(value))
  return readings.some(
    (text) => patterns.some(({ pattern }) => pattern.test(text)) || saysMore(text, patterns),
  )
}

/** A whole number in digits alone, however it is written: 4.1e3 is 4100. null: it is none, or too large to tell. */
function wholeDigits(text: string): string | null {
  const number = Number(text)
  return Number.isSafeInteger(number) ? BigInt(number).toString() : null
}

function leafText(tree: Tree): string {
  if (tree instanceof NumberText) return tree.text
  if (tree instanceof Bytes) return Buffer.from(tree.value).toString("latin1")
  return typeof tree === "object" && tree !== null ? printTree(tree, 0) : String(tree)
}

function tryJson(text: string): Tree | undefined {
  try {
    return parseTree(text)
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
