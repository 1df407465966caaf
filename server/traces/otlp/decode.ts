import { DomainError } from "#server/errors.ts"
import { type Cuts, noCuts } from "../limits.ts"
import { BYTES, Cursor } from "./cursor.ts"
import { cut } from "./cut.ts"
import { fits } from "./fits.ts"
import { msOf, nanosecondsBetween, readHead, type SpanHead } from "./head.ts"
import { type ReceivedResource, type ReceivedScope, type ReceivedSpan, UNKNOWN_SERVICE } from "./received.ts"
import { Rejections } from "./rejections.ts"
import { RESOURCE, SCOPE, type Shape, SPAN } from "./shapes.ts"
import { Writer } from "./writer.ts"

/** Which starts of spans are taken, ms since the epoch. */
export interface Period {
  from: number
  to: number
}

export interface DecodedRequest {
  resources: ReceivedResource[]
  /** Spans that are kept. */
  spans: number
  rejected: Rejections
  cuts: Cuts
}

/** Resources, scopes and spans of a request: 16 MB hold 350,000 of the smallest spans that are valid. */
const MAX_GROUPS = 500_000

/**
 * Reads an ExportTraceServiceRequest (or TracesData, which is the same on the wire). Spans are validated one by one;
 * throws a DomainError that names the byte when the message as a whole is no such protobuf.
 */
export function decodeRequest(body: Buffer, period: Period): DecodedRequest {
  const request: DecodedRequest = { resources: [], spans: 0, rejected: new Rejections(), cuts: noCuts() }
  const groups = new Groups()
  const cursor = new Cursor(body)
  while (cursor.next()) {
    if (cursor.field !== 1) {
      cursor.skip()
      continue
    }
    cursor.expect(BYTES, "resource spans")
    cursor.bytes()
    const resource = readResource(request, { body, from: cursor.from, to: cursor.to, period, groups })
    if (resource.scopes.length > 0) request.resources.push(resource)
  }
  return request
}

interface Part {
  body: Buffer
  from: number
  to: number
  period: Period
  groups: Groups
}

/** Counts what a request consists of: empty ones take two bytes each, and a hundred when they are read. */
class Groups {
  #count = 0

  /** Throws a DomainError beyond the limit. */
  add(): void {
    this.#count += 1
    if (this.#count > MAX_GROUPS)
      throw new DomainError(
        "bad_input",
        "The request has too many resources, scopes and spans: configure the exporter to send smaller batches.",
      )
  }
}

function readResource(request: DecodedRequest, part: Part): ReceivedResource {
  const { head, message, ranges } = readGroup(request, part, { shape: RESOURCE, of: "resource spans" })
  const resource: ReceivedResource = { service: serviceOf(message), head, scopes: [] }
  for (const range of ranges) {
    const scope = readScope(request, { ...part, ...range }, resource.service)
    if (scope.spans.length > 0) resource.scopes.push(scope)
  }
  return resource
}

function readScope(request: DecodedRequest, part: Part, service: string): ReceivedScope {
  const { head, ranges } = readGroup(request, part, { shape: SCOPE, of: "scope spans" })
  const spans: ReceivedSpan[] = []
  const cursor = new Cursor(part.body)
  for (const range of ranges) {
    const span = readSpan(cursor, { ...range, request })
    const reason = reasonAgainst(span, part.period)
    if (reason) request.rejected.add(reason, `"${span.name.slice(0, 100)}" of ${service.slice(0, 100)}`)
    else spans.push(received(span))
  }
  request.spans += spans.length
  return { head, spans }
}

/**
 * ResourceSpans and ScopeSpans are alike: 1 = what the spans have in common, 2 = the next lower level, repeated,
 * 3 = schema URL. A first field that comes twice is merged, as protobuf says, by putting one behind the other.
 */
function readGroup(
  request: DecodedRequest,
  { body, from, to, groups }: Part,
  { shape, of }: { shape: Shape; of: string },
): { head: Buffer; message: Buffer; ranges: { from: number; to: number }[] } {
  const cursor = new Cursor(body, from, to)
  const ranges: { from: number; to: number }[] = []
  groups.add()
  let message: Buffer = Buffer.alloc(0)
  let url: Buffer = message
  while (cursor.next()) {
    if (cursor.field > 3) {
      cursor.skip()
      continue
    }
    cursor.expect(BYTES, of)
    cursor.bytes()
    const value = body.subarray(cursor.from, cursor.to)
    if (cursor.field === 2) {
      groups.add()
      ranges.push({ from: cursor.from, to: cursor.to })
    } else if (cursor.field === 3) url = value
    else message = message.length === 0 ? value : Buffer.concat([message, value])
  }
  if (!fits(new Cursor(message), shape)) message = cut(message, shape, request.cuts)
  const writer = new Writer(message.length + url.length + 16).bytes(1, message)
  if (url.length > 0) writer.bytes(3, url)
  return { head: writer.finish(), message, ranges }
}

const SERVICE_KEY = Buffer.from("service.name")

function serviceOf(resource: Buffer): string {
  let name = ""
  for (const cursor = new Cursor(resource); cursor.next(); ) {
    cursor.skip()
    if (cursor.field !== 1) continue
    const keyValue = resource.subarray(cursor.from, cursor.to)
    if (keyValue.includes(SERVICE_KEY)) name = textOf(keyValue, "service.name") ?? name
  }
  return name || UNKNOWN_SERVICE
}

/** The text of a KeyValue with that key. */
function textOf(keyValue: Buffer, key: string): string | null {
  let found = ""
  let text: string | null = null
  for (const cursor = new Cursor(keyValue); cursor.next(); ) {
    cursor.skip()
    if (cursor.field === 1) found = keyValue.toString("utf8", cursor.from, cursor.to)
    if (cursor.field !== 2) continue
    for (const value = new Cursor(keyValue, cursor.from, cursor.to); value.next(); ) {
      value.skip()
      if (value.field === 1) text = keyValue.toString("utf8", value.from, value.to)
    }
  }
  return found === key ? text : null
}

function readSpan(
  cursor: Cursor,
  { from, to, request }: { from: number; to: number; request: DecodedRequest },
): SpanHead {
  cursor.from = from
  cursor.to = to
  if (fits(cursor, SPAN)) return readHead(cursor, from, to)
  const smaller = cut(cursor.buffer.subarray(from, to), SPAN, request.cuts)
  return readHead(new Cursor(smaller), 0, smaller.length)
}

function reasonAgainst(span: SpanHead, period: Period): string | null {
  if (span.traceId.length !== 16)
    return `have a trace id of ${span.traceId.length} bytes; it must have 16 (32 hexadecimal digits)`
  if (isZero(span.traceId)) return "have a trace id of zeros"
  if (span.spanId.length !== 8)
    return `have a span id of ${span.spanId.length} bytes; it must have 8 (16 hexadecimal digits)`
  if (isZero(span.spanId)) return "have a span id of zeros"
  if (span.parentId.length !== 8 && span.parentId.length !== 0)
    return `have a parent span id of ${span.parentId.length} bytes; it must have 8, or none`
  if (isZero(span.start)) return "have no start time"
  if (isZero(span.end)) return "have no end time"
  const start = msOf(span.start)
  if (start < period.from) return `start before ${iso(period.from)}, the oldest time that is kept`
  if (start > period.to) return "start in the future by this server's clock"
  const duration = nanosecondsBetween(span.start, span.end)
  if (duration < 0) return "end before they start"
  if (duration > LONGEST_NS) return "last longer than 30 days"
  return null
}

/** Exact as a number, too. */
const LONGEST_NS = 30 * 86_400 * 1e9

function received(span: SpanHead): ReceivedSpan {
  return {
    bytes: span.bytes,
    traceId: span.traceId,
    isRoot: isZero(span.parentId),
    name: span.name,
    // What a later OTLP may add is unspecified to us; the bytes keep it.
    kind: span.kind <= 5 ? span.kind : 0,
    status: span.status <= 2 ? span.status : 0,
    start: span.start,
    startMs: msOf(span.start),
    durationNs: nanosecondsBetween(span.start, span.end),
  }
}

function isZero(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

/** Of any number: times come from outside. */
function iso(ms: number): string {
  return new Date(ms).toISOString()
}
