import { DomainError } from "#server/errors.ts"
import { LIMITS } from "../limits.ts"
import { Writer } from "./writer.ts"

/*
 * OTLP/JSON is protobuf's JSON mapping (protobuf.dev/programming-guides/json) with two exceptions: trace and span ids are
 * hexadecimal, and enums are numbers. 64-bit numbers are texts or numbers. Unknown names are ignored. It is written again
 * as protobuf, so that everything behind it knows one form only.
 */

/** An ExportTraceServiceRequest in JSON, as protobuf. Throws a DomainError that names the place when it is none. */
export function fromJson(text: string): Buffer {
  const parsed = parseSpans(text)
  const writer = new Writer(text.length)
  const request = new Place(parsed, "")
  for (const one of request.list("resourceSpans")) writer.bytes(1, resourceSpans(one))
  return writer.finish()
}

/** JSON of spans, unchecked. Throws a DomainError for what is none, or has more values than memory allows. */
export function parseSpans(text: string): unknown {
  if (hasMoreValues(text, MAX_VALUES))
    throw new DomainError(
      "bad_input",
      `The request has more than ${MAX_VALUES.toLocaleString("en")} values: configure the exporter to send smaller batches, or protobuf.`,
    )
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DomainError("bad_input", `Malformed JSON: ${cause instanceof Error ? cause.message : ""}`, {
      cause,
    })
  }
}

/** Values of a request in JSON: each takes up to a hundred bytes when it is parsed, and two of them fit into three. */
const MAX_VALUES = 1_000_000
const [QUOTE, BACKSLASH, COMMA, OBJECT, LIST] = [0x22, 0x5c, 0x2c, 0x7b, 0x5b]

/** Whether there are more values than `most`, told by what must stand before each, without parsing. */
function hasMoreValues(text: string, most: number): boolean {
  let count = 0
  let inText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) inText = false
    } else if (code === QUOTE) inText = true
    else if (code === COMMA || code === OBJECT || code === LIST) count++
    if (count > most) return true
  }
  return false
}

type Fields = { readonly [name: string]: unknown }

/** A JSON object and where it is. */
class Place {
  readonly path: string
  readonly #fields: Fields

  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw wrong(path || "The body", "must be an object")
    this.#fields = value
    this.path = path
  }

  value(name: string): unknown {
    return this.#fields[name] ?? undefined
  }

  pathOf(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`
  }

  list(name: string): Place[] {
    const value = this.value(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) throw wrong(this.pathOf(name), "must be a list")
    return value.map((one: unknown, i) => new Place(one, `${this.pathOf(name)}[${i}]`))
  }

  object(name: string): Place | null {
    const value = this.value(name)
    return value === undefined ? null : new Place(value, this.pathOf(name))
  }

  text(name: string): string {
    const value = this.value(name) ?? ""
    if (typeof value !== "string") throw wrong(this.pathOf(name), "must be a text")
    return value
  }

  /** Bytes of an id; none when it is not hexadecimal, which the validation of spans then says. */
  id(name: string): Buffer {
    return Buffer.from(this.text(name), "hex")
  }

  /** A number of 64 bits, as a text or a number. */
  big(name: string): bigint {
    return toBig(this.value(name) ?? 0, this.pathOf(name))
  }

  /** A number that is not negative and below 2^32. */
  small(name: string): number {
    const value = Number(this.value(name) ?? 0)
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
      throw wrong(this.pathOf(name), "must be a number of 32 bits without sign")
    return value
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function wrong(path: string, must: string): DomainError {
  return new DomainError("bad_input", `${path} ${must}.`)
}

function toBig(value: unknown, path: string): bigint {
  const isNumber = typeof value === "number" && Number.isInteger(value)
  const isText = typeof value === "string" && /^-?\d{1,20}$/.test(value)
  if (!isNumber && !isText) throw wrong(path, "must be a whole number")
  return BigInt(value)
}

function resourceSpans(place: Place): Buffer {
  const writer = new Writer()
  const resource = place.object("resource")
  if (resource) {
    const inner = attributes(new Writer(), resource, 1)
    writer.bytes(1, count(inner, resource, 2).finish())
  }
  for (const scope of place.list("scopeSpans")) writer.bytes(2, scopeSpans(scope))
  return text(writer, 3, place.text("schemaUrl")).finish()
}

function scopeSpans(place: Place): Buffer {
  const writer = new Writer()
  const scope = place.object("scope")
  if (scope) {
    const inner = new Writer()
    text(inner, 1, scope.text("name"))
    text(inner, 2, scope.text("version"))
    attributes(inner, scope, 3)
    writer.bytes(1, count(inner, scope, 4).finish())
  }
  for (const one of place.list("spans")) writer.bytes(2, span(one))
  return text(writer, 3, place.text("schemaUrl")).finish()
}

function span(place: Place): Buffer {
  const writer = new Writer(512)
  writer.bytes(1, place.id("traceId")).bytes(2, place.id("spanId"))
  text(writer, 3, place.text("traceState"))
  const parent = place.id("parentSpanId")
  if (parent.length > 0) writer.bytes(4, parent)
  writer.text(5, place.text("name")).varint(6, place.small("kind"))
  writer.fixed64(7, place.big("startTimeUnixNano")).fixed64(8, place.big("endTimeUnixNano"))
  count(attributes(writer, place, 9), place, 10)
  for (const one of place.list("events")) writer.bytes(11, event(one))
  number(writer, 12, place.small("droppedEventsCount"))
  for (const one of place.list("links")) writer.bytes(13, link(one))
  number(writer, 14, place.small("droppedLinksCount"))
  const status = place.object("status")
  if (status) {
    const inner = text(new Writer(), 2, status.text("message"))
    writer.bytes(15, number(inner, 3, status.small("code")).finish())
  }
  if (place.small("flags") !== 0) writer.fixed32(16, place.small("flags"))
  return writer.finish()
}

function event(place: Place): Buffer {
  const writer = new Writer().fixed64(1, place.big("timeUnixNano")).text(2, place.text("name"))
  return count(attributes(writer, place, 3), place, 4).finish()
}

function link(place: Place): Buffer {
  const writer = new Writer().bytes(1, place.id("traceId")).bytes(2, place.id("spanId"))
  text(writer, 3, place.text("traceState"))
  count(attributes(writer, place, 4), place, 5)
  if (place.small("flags") !== 0) writer.fixed32(6, place.small("flags"))
  return writer.finish()
}

function text(writer: Writer, field: number, value: string): Writer {
  return value === "" ? writer : writer.text(field, value)
}

function number(writer: Writer, field: number, value: number): Writer {
  return value === 0 ? writer : writer.varint(field, value)
}

function count(writer: Writer, place: Place, field: number): Writer {
  return number(writer, field, place.small("droppedAttributesCount"))
}

function attributes(writer: Writer, place: Place, field: number): Writer {
  for (const one of place.list("attributes")) writer.bytes(field, keyValue(one, 1))
  return writer
}

function keyValue(place: Place, depth: number): Buffer {
  const writer = new Writer(64).text(1, place.text("key"))
  const value = place.object("value")
  return value ? writer.bytes(2, anyValue(value, depth)).finish() : writer.finish()
}

function anyValue(place: Place, depth: number): Buffer {
  const writer = new Writer(64)
  const value = (name: string) => place.value(name)
  if (value("stringValue") !== undefined) return writer.text(1, place.text("stringValue")).finish()
  if (value("boolValue") !== undefined) return writer.varint(2, value("boolValue") === true ? 1 : 0).finish()
  if (value("intValue") !== undefined) return writer.int64(3, place.big("intValue")).finish()
  if (value("doubleValue") !== undefined) return writer.double(4, Number(value("doubleValue"))).finish()
  if (value("bytesValue") !== undefined)
    return writer.bytes(7, Buffer.from(place.text("bytesValue"), "base64")).finish()
  const list = place.object("arrayValue")
  const map = place.object("kvlistValue")
  if (!list && !map) return writer.finish()
  // One level more than is kept: the limit then drops the attribute, and says so.
  const inner = new Writer()
  if (depth <= LIMITS.depth) {
    for (const one of list?.list("values") ?? []) inner.bytes(1, anyValue(one, depth + 1))
    for (const one of map?.list("values") ?? []) inner.bytes(1, keyValue(one, depth + 1))
  }
  return writer.bytes(list ? 5 : 6, inner.finish()).finish()
}
