import type { Broker, Message, SchemaRegistryAccess } from "#server/brokers/broker.ts"
import type { LimitKind } from "./decode/budget.ts"
import type { SchemaName } from "./decode/decode.ts"
import { type FoundSchema, findSchema } from "./decode/find-schema.ts"
import type { Format } from "./decode/format.ts"
import { hex } from "./decode/formats/hex.ts"
import { type HeaderValue, headerValue } from "./decode/header-value.ts"
import type { ShowJob, ShowResult } from "./decode/job.ts"
import { type RegistryClient, registryFor } from "./decode/registry.ts"
import { type Given, type PartName, schemaRefOf } from "./decode/wire.ts"
import { decoders, type Outcome } from "./decode/workers.ts"
import { HIDDEN, type Mask } from "./masking/mask.ts"
import { pooled } from "./pool.ts"

/** How messages are shown to one reader. */
export interface Lens {
  key: Format
  value: Format
  mask: Mask
  registry: RegistryClient | null
}

/** One part of a message, as a reader may see it. */
export interface ShownPart {
  /** `null`: there is none (a value that is null is a tombstone); `empty`: it has no bytes. */
  kind: "null" | "empty" | "data"
  format: Format
  text: string
  /** Size of the whole part in bytes, however much of it is shown. */
  bytes: number
  /** Only its beginning is shown. */
  cut: boolean
  masked: boolean
  schema: SchemaName | null
  note: string | null
  /** The limit that kept it from being read: its bytes can be had all the same. */
  limit: LimitKind | null
}

export interface ShownHeader extends Omit<HeaderValue, "text"> {
  name: string
  /** null: the header has no value. */
  text: string | null
}

const NO_VALUE = { text: null, kind: "text" as const, cut: false, also: [] }

export interface ShownMessage {
  partition: number
  offset: string
  /** In decimal digits, as it stands there: ms since the epoch, if its producer kept to it. Null: none. */
  timestamp: string | null
  timestampType: Message["timestampType"]
  control: Message["control"]
  withheld: Message["withheld"]
  /** Bytes of key, value and headers. */
  bytes: number
  key: ShownPart
  value: ShownPart
  headers: ShownHeader[]
  /** Headers that are not among them: there are too many, or they are too large. */
  moreHeaders: number
}

export function lensRegistry(access: SchemaRegistryAccess | null | undefined): RegistryClient | null {
  return access ? registryFor(access) : null
}

/** Messages of a broker as they look by themselves, under a mask. */
export function lensUnder(mask: Mask, broker: Broker): Lens {
  return { key: "auto", value: "auto", mask, registry: lensRegistry(broker.messages?.schemas) }
}

/** How much of a key or value is looked at (bytes) and, in a list, how much is told of it in one line (characters). */
export interface Room {
  bytes: number
  line: number | null
}

export const IN_LIST: Room = { bytes: 1 << 16, line: 2000 }
export const IN_DETAIL: Room = { bytes: 1 << 20, line: null }

export interface Found {
  partition: number
  message: Message
}

/** Messages through a lens: decoded and masked in processes that may die of them, all of them at once. */
export async function showMessages(
  messages: readonly Found[],
  lens: Lens,
  room: Room,
): Promise<ShownMessage[]> {
  const parts = messages.flatMap(({ message }) => [
    { part: "key" as const, message },
    { part: "value" as const, message },
  ])
  const shown = await showParts(parts, lens, room)
  return messages.map(({ partition, message }, at) => {
    const [key = NONE, value = NONE] = shown.slice(at * 2, at * 2 + 2)
    return {
      partition,
      offset: String(message.offset),
      timestamp: message.timestamp === null ? null : String(message.timestamp),
      timestampType: message.timestampType,
      control: message.control,
      withheld: message.withheld,
      bytes: sizeOf(message),
      key,
      value,
      ...shownHeaders(lens.mask.message({ ...message, key: null, value: null }).headers, room),
    }
  })
}

/** Characters of all headers of a message that are shown, in a list and by itself; of one name; what each takes beside. */
const HEADERS_IN_LIST = 20_000
const HEADERS_SHOWN = 1_000_000
const HEADER_NAME = 1000
const HEADER_BESIDE = 100

function shownHeaders(
  headers: Message["headers"],
  { line }: Room,
): Pick<ShownMessage, "headers" | "moreHeaders"> {
  let left = line === null ? HEADERS_SHOWN : HEADERS_IN_LIST
  const shown: ShownHeader[] = []
  for (const { key, value } of headers) {
    if (left <= 0) break
    const name = key.slice(0, HEADER_NAME).toWellFormed()
    const read = value === null ? NO_VALUE : headerValue(value, line)
    shown.push({ name, ...read })
    left -= HEADER_BESIDE + name.length + (read.text?.length ?? 0)
  }
  return { headers: shown, moreHeaders: headers.length - shown.length }
}

export function sizeOf(message: Message): number {
  let bytes = (message.key?.length ?? 0) + (message.value?.length ?? 0)
  for (const { key, value } of message.headers) bytes += key.length + (value?.length ?? 0)
  return bytes
}

interface PartOf {
  part: PartName
  message: Message
}

/** Parts of messages, decoded and masked. Those of control records are none. */
export async function showParts(parts: readonly PartOf[], lens: Lens, room: Room): Promise<ShownPart[]> {
  const asked = parts.filter((one) => bytesOf(one).length > 0)
  const jobs = await pooled(asked, AT_A_TIME, (one) => jobOf(one, lens, room))
  const outcomes = await decoders().run(jobs)
  const byPart = new Map(asked.map((one, at) => [one, outcomes[at]]))
  return parts.map((one) => shownPart(one, byPart.get(one), { lens, room }))
}

/** Schemas that a registry is asked for at a time. */
const AT_A_TIME = 8

function bytesOf({ part, message }: PartOf): Buffer {
  return (message.control ? null : message[part]) ?? Buffer.alloc(0)
}

/** A part that is longer than there is room for is read by its looks: half a value fits no schema. */
async function jobOf(one: PartOf, lens: Lens, room: Room): Promise<ShowJob> {
  const { part, message } = one
  const bytes = bytesOf(one)
  const mask = lens.mask.of(message)
  const order = { kind: "show" as const, part, mask: mask.order, line: room.line, withheld: 0 }
  const format = formatUnder(lens[part], mask, part)
  if (bytes.length > room.bytes) {
    // A value that begins before the cut is only known by what follows it: more is read than is shown.
    const beyond = mask.holds(part) && bytes.length > room.bytes + BEYOND ? BEYOND : 0
    const head = wholeCharacters(bytes.subarray(0, room.bytes + beyond))
    return {
      ...order,
      bytes: head,
      format: format === "hex" ? "hex" : "auto",
      found: mask.holds(part) ? unread({ bytes, part, headers: message.headers }) : null,
      withheld: beyond,
    }
  }
  const given = { bytes, part, headers: message.headers }
  return { ...order, bytes, format, found: await findSchema(given, format, lens.registry) }
}

/**
 * How a part is read: as the reader chose, but by its looks where a rule holds. A rule is about what the bytes mean, and
 * they mean the same in whatever format somebody asks for.
 */
export function formatUnder(asked: Format, mask: Mask, part: PartName): Format {
  return mask.holds(part) ? "auto" : asked
}

/** Half a value fits no schema; that one was named, a mask must know. */
function unread(given: Given): FoundSchema | null {
  const ref = schemaRefOf(given)
  return ref && { ref, schema: null, why: null, asked: false }
}

/** Bytes that are read beyond what is shown of a masked part that is too long. */
const BEYOND = 1 << 16

const NONE: ShownPart = {
  kind: "null",
  format: "text",
  text: "",
  bytes: 0,
  cut: false,
  masked: false,
  schema: null,
  note: null,
  limit: null,
}

function shownPart(
  one: PartOf,
  outcome: Outcome<ShowResult> | undefined,
  { lens, room }: { lens: Lens; room: Room },
): ShownPart {
  const { part, message } = one
  const bytes = message.control ? null : message[part]
  if (bytes === null) return NONE
  if (!outcome) return { ...NONE, kind: "empty" }
  const { length } = bytes
  if (outcome.result)
    return { kind: "data", ...outcome.result, bytes: length, cut: outcome.result.cut || length > room.bytes }
  const masked = lens.mask.of(message).holds(part)
  const text = masked ? HIDDEN : hex(bytes, room.line ?? RAW_SHOWN)
  const note = `It is not decoded: ${outcome.why}.`
  const failed = { text, bytes: length, cut: true, masked, schema: null, note, limit: outcome.limit }
  return { kind: "data", format: "hex", ...failed }
}

/** Does not end in the middle of a UTF-8 character, which would make text look like bytes. */
function wholeCharacters(head: Buffer): Buffer {
  let end = head.length
  while (end > 0 && head.length - end < 3 && ((head[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1
  const lead = head[end - 1] ?? 0
  return lead >= 0xc0 ? head.subarray(0, end - 1) : head
}

/** Its bytes as they are, for whom no rule hides anything in it. */
export function rawPart(bytes: Buffer | null, part: "key" | "value", mask: Mask): string | null {
  if (bytes === null) return null
  if (mask.holds(part)) return HIDDEN
  return hex(bytes.subarray(0, RAW_SHOWN))
}

const RAW_SHOWN = 4096
