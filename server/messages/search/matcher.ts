import type { Message } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { decode } from "../decode/decode.ts"
import type { Format } from "../decode/format.ts"
import { compilePath, type JSONValue } from "../jsonpath.ts"
import { compilePattern } from "../pattern.ts"
import { type Lens, showPart } from "../shown.ts"
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
  const masked = parts.some((part) => lens.mask.holds(part))
  return (message) => {
    if (message.control !== null) return false
    if (needsDecoding(message, lens)) return textsOf(message, parts, lens).then((texts) => texts.some(inText))
    const found =
      (value && inBytes(message.value)) ||
      (key && inBytes(message.key)) ||
      (headers && message.headers.some((header) => inBytes(header.value) || header.key.includes(text)))
    if (!found || !masked) return found
    return textsOf(message, parts, lens).then((texts) => texts.some(inText))
  }
}

function fitting(source: string, parts: Parts, lens: Lens): Matcher {
  const pattern = compilePattern(source)
  const masked = parts.some((part) => lens.mask.holds(part))
  const inBytes = (bytes: Buffer | null) => bytes !== null && pattern.test(bytes.toString("utf8"))
  return (message) => {
    if (message.control !== null) return false
    if (masked || needsDecoding(message, lens))
      return textsOf(message, parts, lens).then((texts) => texts.some((text) => pattern.test(text)))
    return (
      (parts.includes("value") && inBytes(message.value)) ||
      (parts.includes("key") && inBytes(message.key)) ||
      (parts.includes("headers") &&
        message.headers.some((header) => pattern.test(header.key) || inBytes(header.value)))
    )
  }
}

function satisfying(source: string, lens: Lens): Matcher {
  const intoValue = source.trim().startsWith("$")
  const path = compilePath(intoValue ? source.trim() : `$[?${source}]`)
  return async (message) => {
    if (message.control !== null) return false
    const value = await treeOf(message.value, "value", lens)
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
    key: await treeOf(message.key, "key", lens),
    value,
    headers: Object.fromEntries(
      headers.map((header) => [header.key, header.value?.toString("utf8") ?? null]),
    ),
    timestamp: message.timestamp,
    offset: Number(message.offset),
  }
}

/** The masked tree of a part, or its text where it has no structure. */
async function treeOf(bytes: Buffer | null, part: "key" | "value", lens: Lens): Promise<unknown> {
  if (bytes === null) return null
  const decoded = await decode(bytes, lens[part], lens.registry)
  if (!lens.mask.holds(part)) return decoded.tree ?? decoded.text
  if (decoded.tree !== undefined) return lens.mask.tree(part, decoded.tree)
  return decoded.format === "hex" ? null : lens.mask.text(part, decoded.text)
}

const PLAIN: ReadonlySet<Format> = new Set(["auto", "json", "text", "xml", "hex"])

/** Whether what is shown has words that its bytes do not have: numbers of Avro, for one. */
function needsDecoding(message: Message, lens: Lens): boolean {
  if (!PLAIN.has(lens.value) || !PLAIN.has(lens.key)) return true
  if (lens.registry === null) return false
  return (
    (lens.value === "auto" && message.value?.[0] === 0) || (lens.key === "auto" && message.key?.[0] === 0)
  )
}

const WHOLE = { bytes: Number.MAX_SAFE_INTEGER, line: null }

async function textsOf(message: Message, parts: Parts, lens: Lens): Promise<string[]> {
  const texts: string[] = []
  for (const part of ["key", "value"] as const)
    if (parts.includes(part)) texts.push((await showPart(message[part], part, { lens, room: WHOLE })).text)
  if (!parts.includes("headers")) return texts
  const { headers } = lens.mask.message({ ...message, key: null, value: null })
  for (const header of headers) texts.push(header.key, header.value?.toString("utf8") ?? "")
  return texts
}
