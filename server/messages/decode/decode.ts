import { isDomainError, messageOf } from "#server/errors.ts"
import type { Content, Decoder, Format } from "./format.ts"
import { cbor } from "./formats/cbor.ts"
import { asInteger, hex } from "./formats/hex.ts"
import { json } from "./formats/json.ts"
import { msgpack } from "./formats/msgpack.ts"
import { escaped, isReadable, text, utf8 } from "./formats/text.ts"
import { xml } from "./formats/xml.ts"
import { decodeRegistered, schemaIdOf } from "./registered.ts"
import type { RegistryClient } from "./registry.ts"

export interface Decoded extends Content {
  /** What it was read as. */
  format: Format
  schema: { id: number; type: string } | null
  /** What a reader should know of it: why it could not be read as asked, how many bytes are no text. */
  note: string | null
}

const BY_HAND = { json, text, msgpack, cbor, xml, hex } satisfies Partial<Record<Format, Decoder>>

/** Reads bytes as they were asked for or, with `auto`, as what they look like. Never rejects: hex is always possible. */
export async function decode(
  bytes: Buffer,
  format: Format,
  registry: RegistryClient | null,
): Promise<Decoded> {
  switch (format) {
    case "auto":
      return guess(bytes, registry)
    case "avro":
    case "protobuf":
    case "json-schema":
      return bySchema(bytes, format, registry)
    case "text": {
      const { text: shown, invalid } = escaped(bytes)
      return plain("text", { text: shown }, invalid > 0 ? notUtf8(invalid) : null)
    }
    default:
      try {
        return plain(format, BY_HAND[format](bytes))
      } catch (error) {
        return plain("hex", hex(bytes), `It is no ${NAMES[format]}: ${messageOf(error)}.`)
      }
  }
}

const NAMES = { json: "JSON", msgpack: "MessagePack", cbor: "CBOR", xml: "XML", hex: "hex" }

function plain(format: Format, content: Content, note: string | null = null): Decoded {
  return { ...content, format, schema: null, note }
}

async function bySchema(bytes: Buffer, format: Format, registry: RegistryClient | null): Promise<Decoded> {
  if (!registry)
    return plain("hex", hex(bytes), "This cluster has no schema registry: name one in its connection.")
  try {
    const { content, ...found } = await decodeRegistered(bytes, registry)
    const note = found.format === format ? null : `Its schema is ${found.schema.type}.`
    return { ...content, ...found, note }
  } catch (error) {
    return plain("hex", hex(bytes), messageOf(error))
  }
}

/** Wire format, then UTF-8 of some kind, then binary formats that fit to the last byte, then hex. */
async function guess(bytes: Buffer, registry: RegistryClient | null): Promise<Decoded> {
  const id = schemaIdOf(bytes)
  let note: string | null = null
  if (id !== null && registry) {
    try {
      const { content, ...found } = await decodeRegistered(bytes, registry)
      return { ...content, ...found, note: null }
    } catch (error) {
      const absent = isDomainError(error) && error.code === "not_found"
      note = absent && bytes.length <= 8 ? null : messageOf(error)
    }
  } else if (id !== null && bytes.length > 8 && id > 0 && id < 1e6) {
    note = `It looks like schema ${id} of a registry: name the registry in the cluster's connection.`
  }
  return guessPlain(bytes, note)
}

function guessPlain(bytes: Buffer, note: string | null): Decoded {
  const shown = tryDecode(() => utf8(bytes))
  if (shown !== null && isReadable(shown)) {
    const first = /^\s*(\S)/.exec(shown.slice(0, 1000))?.[1]
    const found =
      first === "<"
        ? tryAs("xml", xml, bytes)
        : first === "{" || first === "[" || first === '"'
          ? tryAs("json", json, bytes)
          : null
    return found ?? plain("text", { text: shown }, note)
  }
  const found = guessBinary(bytes)
  if (found) return found
  const loose = escaped(bytes.subarray(0, 4096))
  if (shown === null && loose.invalid * 10 < Math.min(bytes.length, 4096) && isReadable(loose.text)) {
    const { text: whole, invalid } = escaped(bytes)
    return plain("text", { text: whole }, notUtf8(invalid))
  }
  return plain("hex", hex(bytes), note ?? asInteger(bytes))
}

/** Both mark maps and lists in the first byte; where that leaves it open, whichever fits to the last byte. */
function guessBinary(bytes: Buffer): Decoded | null {
  const first = bytes[0] ?? 0
  const isMap = (0x80 <= first && first <= 0x9f) || (0xdc <= first && first <= 0xdf)
  const cborFirst =
    (0xa0 <= first && first <= 0xbf) || (first === 0xd9 && bytes[1] === 0xd9) || first === 0x9f
  if (cborFirst) return tryAs("cbor", cbor, bytes)
  if (isMap) return tryAs("msgpack", msgpack, bytes) ?? tryAs("cbor", cbor, bytes)
  return null
}

function tryAs(format: Format, decoder: Decoder, bytes: Buffer): Decoded | null {
  const content = tryDecode(() => decoder(bytes))
  return content === null ? null : plain(format, content)
}

function tryDecode<Result>(work: () => Result): Result | null {
  try {
    return work()
  } catch {
    return null
  }
}

function notUtf8(invalid: number): string {
  const which = invalid === 1 ? "1 byte is not UTF-8" : `${invalid} bytes are not UTF-8`
  return `${which}: shown as \\x and two hex digits.`
}
