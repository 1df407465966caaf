import type { Message, SchemaRegistryAccess } from "#server/brokers/broker.ts"
import { decode } from "./decode/decode.ts"
import type { Format } from "./decode/format.ts"
import { hex } from "./decode/formats/hex.ts"
import { text } from "./decode/formats/text.ts"
import { type RegistryClient, registryFor } from "./decode/registry.ts"
import { printJson } from "./json.ts"
import { HIDDEN, type Mask } from "./masking/mask.ts"

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
  schema: { id: number; type: string } | null
  note: string | null
}

export interface ShownHeader {
  name: string
  /** null: the header has no value. */
  text: string | null
}

export interface ShownMessage {
  partition: number
  offset: string
  /** ms since the epoch; null: none. */
  timestamp: number | null
  timestampType: Message["timestampType"]
  control: Message["control"]
  withheld: Message["withheld"]
  /** Bytes of key, value and headers. */
  bytes: number
  key: ShownPart
  value: ShownPart
  headers: ShownHeader[]
}

export function lensRegistry(access: SchemaRegistryAccess | null | undefined): RegistryClient | null {
  return access ? registryFor(access) : null
}

/** How much of a key or value is looked at (bytes) and, in a list, how much is told of it in one line (characters). */
export interface Room {
  bytes: number
  line: number | null
}

export const IN_LIST: Room = { bytes: 1 << 16, line: 400 }
export const IN_DETAIL: Room = { bytes: 1 << 20, line: null }

/** A message through a lens: decoded and masked. */
export async function showMessage(
  of: { partition: number; message: Message },
  lens: Lens,
  room: Room,
): Promise<ShownMessage> {
  const { message, partition } = of
  const [key, value] = await Promise.all([
    showPart(message.key, "key", { lens, room }),
    showPart(message.control ? null : message.value, "value", { lens, room }),
  ])
  return {
    partition,
    offset: String(message.offset),
    timestamp: message.timestamp,
    timestampType: message.timestampType,
    control: message.control,
    withheld: message.withheld,
    bytes: sizeOf(message),
    key: message.control ? { ...key, kind: "null", text: "" } : key,
    value,
    headers: lens.mask.message({ ...message, key: null, value: null }).headers.map((header) => ({
      name: header.key,
      text: header.value === null ? null : text(header.value).text,
    })),
  }
}

export function sizeOf(message: Message): number {
  let bytes = (message.key?.length ?? 0) + (message.value?.length ?? 0)
  for (const { key, value } of message.headers) bytes += key.length + (value?.length ?? 0)
  return bytes
}

interface How {
  lens: Lens
  room: Room
}

/** One part, decoded and masked. */
export async function showPart(bytes: Buffer | null, part: "key" | "value", how: How): Promise<ShownPart> {
  const shown = await readPart(bytes, part, how)
  const { line } = how.room
  if (line === null) return shown
  const text = shown.text.replace(/\s+/g, " ").trim()
  return { ...shown, text: text.slice(0, line), cut: shown.cut || text.length > line }
}

async function readPart(
  bytes: Buffer | null,
  part: "key" | "value",
  { lens, room }: How,
): Promise<ShownPart> {
  const none = {
    format: "text" as const,
    text: "",
    bytes: 0,
    cut: false,
    masked: false,
    schema: null,
    note: null,
  }
  if (bytes === null) return { kind: "null", ...none }
  if (bytes.length === 0) return { kind: "empty", ...none }
  const cut = bytes.length > room.bytes
  const head = cut ? wholeCharacters(bytes.subarray(0, room.bytes)) : bytes
  const decoded = cut
    ? await decode(head, lens[part] === "hex" ? "hex" : "auto", null)
    : await decode(head, lens[part], lens.registry)
  const masked = lens.mask.holds(part)
  const shown = {
    kind: "data" as const,
    format: decoded.format,
    bytes: bytes.length,
    cut,
    masked,
    schema: decoded.schema,
    note: decoded.note,
  }
  const compact = room.line !== null && decoded.tree !== undefined && decoded.format !== "xml"
  if (!masked) return { ...shown, text: compact ? printJson(decoded.tree, 0) : decoded.text }
  // A dump of bytes cannot be searched for what is to be hidden, and half a value has no paths.
  if (decoded.format === "hex") return { ...shown, text: HIDDEN, note: "Hidden by a masking rule." }
  if (decoded.tree !== undefined)
    return { ...shown, text: printJson(lens.mask.tree(part, decoded.tree), compact ? 0 : 2) }
  return { ...shown, text: lens.mask.text(part, decoded.text) }
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
  return hex(bytes.subarray(0, RAW_SHOWN)).text
}

const RAW_SHOWN = 4096
