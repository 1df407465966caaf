import { messageOf } from "#server/errors.ts"
import { LimitError, type LimitKind } from "./budget.ts"
import type { FoundSchema } from "./find-schema.ts"
import type { Content, Decoder, Format } from "./format.ts"
import { cbor } from "./formats/cbor.ts"
import { asInteger } from "./formats/hex.ts"
import { json } from "./formats/json.ts"
import { msgpack } from "./formats/msgpack.ts"
import { escaped, isReadable, utf8 } from "./formats/text.ts"
import { xml } from "./formats/xml.ts"
import { decodeRegistered, FORMAT_OF } from "./registered.ts"

/** The schema by which something was read: its id or GUID. */
export interface SchemaName {
  id: string
  type: string
}

/** A key or value as it was read. With neither text nor tree it is only bytes. */
export interface Decoded extends Content {
  /** What it was read as. */
  format: Format
  schema: SchemaName | null
  /** What a reader should know of it: why it could not be read as asked, how many bytes are no text. */
  note: string | null
  /** The limit that kept it from being read as what it seems to be. */
  limit: LimitKind | null
}

const BY_HAND = { json, msgpack, cbor, xml } satisfies Partial<Record<Format, Decoder>>

const NAMES = { json: "JSON", msgpack: "MessagePack", cbor: "CBOR", xml: "XML" }

/**
 * Reads bytes as they were asked for or, with `auto`, as what they look like. Pure, and never throws: bytes are always
 * possible. What others wrote is only read in processes that may die of it: see workers.ts.
 */
export function decode(bytes: Buffer, format: Format, found: FoundSchema | null): Decoded {
  switch (format) {
    case "auto":
      return guess(bytes, found)
    case "avro":
    case "protobuf":
    case "json-schema":
      return bySchema(bytes, format, found)
    case "text": {
      const { text, invalid } = escaped(bytes)
      return { ...plain("text", text), note: invalid > 0 ? notUtf8(invalid) : null }
    }
    case "hex":
      return raw(null)
    default:
      return orRaw(
        () => ({ ...raw(null), ...BY_HAND[format](bytes), format }),
        (why) => `Not valid ${NAMES[format]}: ${why}.`,
      )
  }
}

function raw(note: string | null, limit: LimitKind | null = null): Decoded {
  return { format: "hex", text: null, tree: undefined, schema: null, note, limit }
}

function plain(format: Format, text: string): Decoded {
  return { ...raw(null), format, text }
}

/** What `read` makes of it, else bytes with a note. */
function orRaw(read: () => Decoded, words: (why: string) => string): Decoded {
  try {
    return read()
  } catch (error) {
    if (error instanceof LimitError) return raw(limited(error), error.limit)
    return raw(words(messageOf(error)))
  }
}

/** Names the limit; its bytes can always be had. */
function limited(error: LimitError): string {
  return `It is not decoded: ${error.message}.`
}

function bySchema(bytes: Buffer, format: Format, found: FoundSchema | null): Decoded {
  if (!found) return raw("Neither its first bytes nor its headers name a schema.")
  const { schema, ref, why } = found
  if (!schema) return raw(why)
  return orRaw(
    () => {
      const read = registered(bytes, { ref, schema })
      return read.format === format ? read : { ...read, note: `Its schema is ${schema.type}.` }
    },
    (reason) => reason,
  )
}

function registered(
  bytes: Buffer,
  { ref, schema }: Pick<FoundSchema, "ref"> & { schema: NonNullable<FoundSchema["schema"]> },
): Decoded {
  const content = decodeRegistered(bytes, ref, schema)
  const name = { id: schema.id, type: schema.type }
  return { ...raw(null), ...content, format: ref.json ? "json" : FORMAT_OF[schema.type], schema: name }
}

/** The schema that is named, then UTF-8 of some kind, then binary formats that fit to the last byte, then hex. */
function guess(bytes: Buffer, found: FoundSchema | null): Decoded {
  if (!found) return guessPlain(bytes, { note: null, limit: null })
  const { schema, ref } = found
  if (!schema) return guessPlain(bytes, { note: worthSaying(bytes, found) ? found.why : null, limit: null })
  try {
    return registered(bytes, { ref, schema })
  } catch (error) {
    if (error instanceof LimitError) return raw(limited(error), error.limit)
    return guessPlain(bytes, { note: messageOf(error), limit: null })
  }
}

/** Numbers of Kafka's own serialisers begin with a zero byte too. */
function worthSaying(bytes: Buffer, { ref, asked }: FoundSchema): boolean {
  if (ref.certain) return true
  if (bytes.length <= 8) return false
  return asked || ref.key?.kind !== "id" || (ref.key.id > 0 && ref.key.id < 1e6)
}

type Noted = Pick<Decoded, "note" | "limit">

function guessPlain(bytes: Buffer, noted: Noted): Decoded {
  const shown = tryUtf8(bytes)
  if (shown !== null && isReadable(shown)) return guessText(bytes, { shown, noted })
  const found = guessBinary(bytes, noted)
  if (found) return found
  const loose = escaped(bytes.subarray(0, 4096))
  if (shown === null && loose.invalid * 10 < Math.min(bytes.length, 4096) && isReadable(loose.text)) {
    const { text, invalid } = escaped(bytes)
    return { ...plain("text", text), note: notUtf8(invalid) }
  }
  return { ...raw(noted.note ?? integerNote(bytes)), limit: noted.limit }
}

function guessText(bytes: Buffer, { shown, noted }: { shown: string; noted: Noted }): Decoded {
  const first = /^\s*(\S)/.exec(shown.slice(0, 1000))?.[1]
  const format = first === "<" ? "xml" : first === "{" || first === "[" || first === '"' ? "json" : null
  const found = format && tryAs(format, bytes)
  if (found && found.limit === null) return { ...found, note: noted.note ?? found.note }
  return {
    ...plain("text", shown),
    note: noted.note ?? found?.note ?? null,
    limit: found?.limit ?? noted.limit,
  }
}

/** Both mark maps and lists in the first byte; where that leaves it open, whichever fits to the last byte. */
function guessBinary(bytes: Buffer, { note }: Noted): Decoded | null {
  const first = bytes[0] ?? 0
  const isMap = (0x80 <= first && first <= 0x9f) || (0xdc <= first && first <= 0xdf)
  const cborFirst =
    (0xa0 <= first && first <= 0xbf) || (first === 0xd9 && bytes[1] === 0xd9) || first === 0x9f
  const found = cborFirst
    ? tryAs("cbor", bytes)
    : isMap
      ? (tryAs("msgpack", bytes) ?? tryAs("cbor", bytes))
      : null
  return found && { ...found, note: note ?? found.note }
}

/** As the format, or as bytes where a limit was hit; null: it is not of this format. */
function tryAs(format: keyof typeof BY_HAND, bytes: Buffer): Decoded | null {
  try {
    return { ...raw(null), ...BY_HAND[format](bytes), format }
  } catch (error) {
    return error instanceof LimitError ? raw(limited(error), error.limit) : null
  }
}

function tryUtf8(bytes: Buffer): string | null {
  try {
    return utf8(bytes)
  } catch {
    return null
  }
}

function integerNote(bytes: Buffer): string | null {
  const integer = bytes.length >= 4 ? asInteger(bytes) : null
  return integer && `as a ${integer.bits}-bit integer: ${integer.value}`
}

function notUtf8(invalid: number): string {
  const which = invalid === 1 ? "1 byte is not UTF-8" : `${invalid} bytes are not UTF-8`
  return `${which}: shown as \\x and two hex digits.`
}
