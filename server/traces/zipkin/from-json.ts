import { z } from "zod"
import { DomainError } from "#server/errors.ts"
import { parseSpans } from "../otlp/json.ts"
import { Writer } from "../otlp/writer.ts"

/*
 * Zipkin's JSON, version 2 (github.com/openzipkin/zipkin-api, zipkin2-api.yaml): a list of spans, each with the service that
 * it is of. It is written again as OTLP, as the OpenTelemetry specification maps it (trace/sdk_exporters/zipkin), so that
 * everything behind it knows one form only.
 */
const endpoint = z.object({
  serviceName: z.string().optional(),
  ipv4: z.string().optional(),
  ipv6: z.string().optional(),
  port: z.number().int().min(0).max(65_535).optional(),
})

const hexadecimal = (most: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{1,${most}}$`), "must be hexadecimal")
/** Microseconds; exact below 2^53. */
const microseconds = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

const span = z.object({
  traceId: hexadecimal(32),
  id: hexadecimal(16),
  parentId: hexadecimal(16).optional(),
  name: z.string().optional(),
  kind: z.string().optional(),
  timestamp: microseconds.optional(),
  duration: microseconds.optional(),
  debug: z.boolean().optional(),
  shared: z.boolean().optional(),
  localEndpoint: endpoint.optional(),
  remoteEndpoint: endpoint.optional(),
  annotations: z.array(z.object({ timestamp: microseconds, value: z.string() })).optional(),
  // A tag of another type than text is a fault of its sender that costs nothing to forgive.
  tags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
type ZipkinSpan = z.output<typeof span>

const KINDS: Readonly<Record<string, number>> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 }

/** Zipkin's spans as an ExportTraceServiceRequest. Throws a DomainError (`bad_input`) that names the place when they are none. */
export function fromZipkin(text: string): Buffer {
  const parsed = parseSpans(text)
  const checked = z.array(span).safeParse(parsed)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw new DomainError("bad_input", `${placeOf(issue?.path ?? [])}: ${issue?.message ?? "invalid"}.`)
  }
  const writer = new Writer(text.length)
  for (const [service, spans] of Map.groupBy(checked.data, (one) => one.localEndpoint?.serviceName ?? "")) {
    const scope = new Writer(text.length)
    for (const one of spans) scope.bytes(2, toSpan(one))
    const resource = new Writer().bytes(
      1,
      service === "" ? resourceOf({}) : resourceOf({ "service.name": service }),
    )
    writer.bytes(1, resource.bytes(2, scope.finish()).finish())
  }
  return writer.finish()
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")
  return place === "" ? "The body" : `spans${place}`
}

type Values = Readonly<Record<string, string | number | boolean>>

function resourceOf(values: Values): Buffer {
  return attributes(new Writer(), 1, values).finish()
}

function toSpan(one: ZipkinSpan): Buffer {
  const start = BigInt(one.timestamp ?? 0) * 1000n
  const end = start + BigInt(one.duration ?? 0) * 1000n
  const writer = new Writer(512).bytes(1, id(one.traceId, 32)).bytes(2, id(one.id, 16))
  if (one.parentId !== undefined) writer.bytes(4, id(one.parentId, 16))
  writer.text(5, one.name ?? "").varint(6, KINDS[(one.kind ?? "").toUpperCase()] ?? 1)
  writer.fixed64(7, start).fixed64(8, end)
  attributes(writer, 9, valuesOf(one))
  for (const { timestamp, value } of one.annotations ?? [])
    writer.bytes(
      11,
      new Writer()
        .fixed64(1, BigInt(timestamp) * 1000n)
        .text(2, value)
        .finish(),
    )
  const { error } = one.tags ?? {}
  if (error !== undefined && error !== "false" && error !== false) {
    const message = error === "true" || error === true ? "" : String(error)
    writer.bytes(15, new Writer().text(2, message).varint(3, 2).finish())
  }
  return writer.finish()
}

/** Ids are written without leading zeros, and trace ids with 16 or 32 digits. */
function id(text: string, digits: number): Buffer {
  return Buffer.from(text.padStart(digits, "0"), "hex")
}

function valuesOf({ tags, remoteEndpoint, localEndpoint, shared, debug }: ZipkinSpan): Values {
  const { serviceName, ipv4, ipv6, port } = remoteEndpoint ?? {}
  const address = ipv4 ?? ipv6
  const own = localEndpoint?.ipv4 ?? localEndpoint?.ipv6
  return {
    ...tags,
    ...(serviceName ? { "peer.service": serviceName } : {}),
    ...(address ? { "network.peer.address": address } : {}),
    ...(port ? { "network.peer.port": port } : {}),
    ...(own ? { "network.local.address": own } : {}),
    ...(shared ? { "zipkin.shared": true } : {}),
    ...(debug ? { "zipkin.debug": true } : {}),
  }
}

/** KeyValue: 1 = key, 2 = AnyValue (1 text, 2 bool, 3 int, 4 double). */
function attributes(writer: Writer, field: number, values: Values): Writer {
  for (const [key, value] of Object.entries(values)) {
    const any = new Writer(64)
    if (typeof value === "string") any.text(1, value)
    else if (typeof value === "boolean") any.varint(2, value ? 1 : 0)
    else if (Number.isSafeInteger(value)) any.int64(3, BigInt(value))
    else any.double(4, value)
    writer.bytes(field, new Writer(96).text(1, key).bytes(2, any.finish()).finish())
  }
  return writer
}
