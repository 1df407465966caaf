import { isUtf8 } from "node:buffer"
import type { Message } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { decode } from "../decode/decode.ts"
import { findSchema, isUnread } from "../decode/find-schema.ts"
import type { Format } from "../decode/format.ts"
import { text as textOf } from "../decode/formats/text.ts"
import { show } from "../decode/job.ts"
import { type PartName, schemaRefOf } from "../decode/wire.ts"
import { compilePath, type JSONValue } from "../jsonpath.ts"
import { compilePattern } from "../pattern.ts"
import { formatUnder, type Lens } from "../shown.ts"
import { toPlain } from "../tree.ts"
import type { Question } from "./question.ts"

/** Whether a message is one that is looked for. Plain text is judged at once; what must be decoded is promised. */
export type Matcher = (message: Message) => boolean | Promise<boolean>

/**
 * The test of a question. A reader who may see only masked messages finds only what they could see: else a search would
 * tell, guess by guess, what the mask hides. Throws a DomainError when the question cannot be read.
 */
export function makeMatcher(question: Question, lens: Lens): Matcher {
  const { match } = question
  switch (match.kind) {
    case "contains":
      return containing(match.text, question.in, lens)
    case "pattern":
      return fitting(match.text, question.in, lens)
    case "expression":
      return satisfying(match.text, lens)
  }
}

type Parts = Question["in"]

function containing(text: string, parts: Parts, lens: Lens): Matcher {
  const needle = Buffer.from(text)
  const inBytes = (bytes: Buffer | null) =>
    bytes !== null && bytes.length >= needle.length && bytes.includes(needle)
  const inText = (shown: string) => shown.includes(text)
  const key = parts.includes("key")
  const value = parts.includes("value")
  const headers = parts.includes("headers")
  return (message) => {
    if (message.control !== null) return false
    if (needsDecoding(message, lens)) return textsOf(message, parts, lens).then((texts) => texts.some(inText))
    const found =
      (value && inBytes(message.value)) ||
      (key && inBytes(message.key)) ||
      (headers && message.headers.some((header) => inBytes(header.value) || header.key.includes(text)))
    if (!found || !isMasked(message, parts, lens)) return found
    return textsOf(message, parts, lens).then((texts) => texts.some(inText))
  }
}

function fitting(source: string, parts: Parts, lens: Lens): Matcher {
  const pattern = compilePattern(source)
  const inBytes = (bytes: Buffer | null) => bytes !== null && pattern.test(bytes.toString("utf8"))
  return (message) => {
    if (message.control !== null) return false
    if (isMasked(message, parts, lens) || needsDecoding(message, lens))
      return textsOf(message, parts, lens).then((texts) => texts.some((text) => pattern.test(text)))
    return (
      (parts.includes("value") && inBytes(message.value)) ||
      (parts.includes("key") && inBytes(message.key)) ||
      (parts.includes("headers") &&
        message.headers.some((header) => pattern.test(header.key) || inBytes(header.value)))
    )
  }
}

function isMasked(message: Message, parts: Parts, lens: Lens): boolean {
  const mask = lens.mask.of(message)
  return parts.some((part) => mask.holds(part))
}

function satisfying(source: string, lens: Lens): Matcher {
  const intoValue = source.trim().startsWith("$")
  const path = compilePath(intoValue ? source.trim() : `$[?${source}]`)
  return async (message) => {
    if (message.control !== null) return false
    const value = await plainOf(message, "value", lens)
    const from = intoValue ? value : [await documentOf(message, value, lens)]
    try {
      return path.match(from as JSONValue) !== undefined
    } catch {
      throw new DomainError("bad_input", `The expression cannot be worked out for offset ${message.offset}.`)
    }
  }
}

async function documentOf(message: Message, value: unknown, lens: Lens) {
  const { headers } = lens.mask.message({ ...message, key: null, value: null })
  return {
    key: await plainOf(message, "key", lens),
    value,
    headers: Object.fromEntries(
      headers.map((header) => [header.key, header.value?.toString("utf8") ?? null]),
    ),
    timestamp: message.timestamp === null ? null : Number(message.timestamp),
    offset: Number(message.offset),
  }
}

/**
 * The masked value of a part as JSONPath walks it, or its text where it has no structure. It is decoded here: a search
 * has a process of its own, and every decoder its limits.
 */
async function plainOf(message: Message, part: PartName, lens: Lens): Promise<unknown> {
  const bytes = message[part]
  if (bytes === null) return null
  const given = { bytes, part, headers: message.headers }
  const mask = lens.mask.of(message)
  const format = formatUnder(lens[part], mask, part)
  const found = await findSchema(given, format, lens.registry)
  const decoded = decode(bytes, format, found)
  const { text, tree } = decoded
  if (!mask.holds(part)) return tree === undefined ? text : toPlain(tree)
  if (decoded.limit !== null) return null
  if (tree !== undefined) return toPlain(mask.tree(part, tree))
  return text === null || isUnread(found, decoded.schema) || !isUtf8(bytes) ? null : mask.text(part, text)
}

const PLAIN: ReadonlySet<Format> = new Set(["auto", "json", "text", "xml", "hex"])

/** Whether what is shown has words that its bytes do not have: numbers of Avro, for one. */
function needsDecoding(message: Message, lens: Lens): boolean {
  if (!PLAIN.has(lens.value) || !PLAIN.has(lens.key)) return true
  if (lens.registry === null) return false
  return (["key", "value"] as const).some((part) => {
    const bytes = message[part]
    return (
      lens[part] === "auto" &&
      bytes !== null &&
      schemaRefOf({ bytes, part, headers: message.headers }) !== null
    )
  })
}

async function textsOf(message: Message, parts: Parts, lens: Lens): Promise<string[]> {
  const texts: string[] = []
  for (const part of ["key", "value"] as const)
    if (parts.includes(part)) texts.push(await printed(message, part, lens))
  if (!parts.includes("headers")) return texts
  const { headers } = lens.mask.message({ ...message, key: null, value: null })
  for (const header of headers) texts.push(header.key, header.value ? textOf(header.value) : "")
  return texts
}

async function printed(message: Message, part: PartName, lens: Lens): Promise<string> {
  const bytes = message[part]
  if (bytes === null) return ""
  const given = { bytes, part, headers: message.headers }
  const mask = lens.mask.of(message)
  const format = formatUnder(lens[part], mask, part)
  const found = await findSchema(given, format, lens.registry)
  return show({ kind: "show", bytes, format, found, part, mask: mask.order, line: null, withheld: 0 }).text
}
