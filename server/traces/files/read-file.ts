import type { z } from "zod"
import { DomainError } from "#server/errors.ts"
import type { Span } from "../otlp/span.ts"
import { type SpanDetail, type SpanView, spanDetail, spanView } from "../view/span-view.ts"
import { type TraceView, traceView } from "../view/trace-view.ts"
import { jaegerFile } from "./from-jaeger.ts"
import { otlpFile } from "./from-otlp.ts"

export const MAX_FILE_BYTES = 64 << 20
const MAX_SPANS = 100_000

/** A trace of a file, with all of its spans. */
export interface FileTrace {
  trace: TraceView
  detail: (span: SpanView) => SpanDetail | null
}

/**
 * The traces of a file in OTLP's or Jaeger's JSON, the one with most spans first. OTLP may have a message a line, as the
 * Collector's file exporter writes it. Throws a DomainError that says what is wrong.
 */
export function readTraceFile(text: string): FileTrace[] {
  const spans = parsed(text).flatMap(spansOf)
  if (spans.length === 0) throw bad("The file has no spans.")
  if (spans.length > MAX_SPANS)
    throw bad(`The file has ${spans.length} spans; up to ${MAX_SPANS} can be looked at.`)
  const byTrace = [...Map.groupBy(spans, ({ traceId }) => traceId).values()]
  return byTrace.sort((a, b) => b.length - a.length).map(fileTrace)
}

function fileTrace(spans: readonly Span[]): FileTrace {
  let zeroNs: bigint | null = null
  for (const { startNs } of spans) if (zeroNs === null || startNs < zeroNs) zeroNs = startNs
  const bySpan = new Map(spans.map((span) => [`${span.spanId} ${span.kind}`, span]))
  const from = zeroNs ?? 0n
  const views = spans.map((span) => spanView(span, from))
  return {
    trace: traceView(views, {
      traceId: spans[0]?.traceId ?? "",
      zeroNs: from,
      limit: MAX_SPANS,
      isCut: false,
    }),
    detail: ({ spanId, kind }) => {
      const span = bySpan.get(`${spanId} ${kind}`)
      return span ? spanDetail(span) : null
    },
  }
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)]
  } catch (error) {
    const lines = text.split("\n").filter((line) => line.trim() !== "")
    if (lines.length > 1 && lines.every((line) => line.trimStart().startsWith("{"))) return linesOf(lines)
    const why = error instanceof Error ? error.message.slice(0, 200) : ""
    throw bad(`The file is not JSON: ${why}`)
  }
}

function linesOf(lines: readonly string[]): unknown[] {
  return lines.map((line, i) => {
    try {
      return JSON.parse(line)
    } catch {
      throw bad(`Line ${i + 1} of the file is not JSON.`)
    }
  })
}

function spansOf(json: unknown): Span[] {
  const keys = json !== null && typeof json === "object" ? Object.keys(json) : []
  if (keys.includes("resourceSpans") || keys.includes("batches")) return read(otlpFile, json)
  if (keys.includes("data") || keys.includes("spans")) return read(jaegerFile, json)
  throw bad(
    "The file is neither OTLP JSON, which has resourceSpans, nor Jaeger JSON, which has data with traces.",
  )
}

function read(file: typeof otlpFile | typeof jaegerFile, json: unknown): Span[] {
  try {
    const { data, error } = file.safeParse(json)
    if (data) return data
    throw bad(`The file cannot be read: ${issueOf(error.issues)}`)
  } catch (error) {
    // A file may nest what is not looked at deeper than the stack is.
    if (error instanceof RangeError) throw bad("The file cannot be read: it is nested too deeply.")
    throw error
  }
}

/** The first of what is wrong, and where. Of alternatives the one that came furthest. */
function issueOf(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = [...issues].sort((a, b) => depthOf(b) - depthOf(a))
  if (!issue) return "it has another form."
  if (issue.code === "invalid_union") {
    const [inner] = [...issue.errors].sort(
      (a, b) => Math.max(...b.map(depthOf)) - Math.max(...a.map(depthOf)),
    )
    if (inner && inner.length > 0 && Math.max(...inner.map(depthOf)) > 0) {
      return issueOf(inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })))
    }
  }
  const place = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
  return `${place.replace(/^\./, "") || "the file"}: ${issue.message}.`
}

function depthOf(issue: z.core.$ZodIssue): number {
  const inner = issue.code === "invalid_union" ? Math.max(0, ...issue.errors.flat().map(depthOf)) : 0
  return issue.path.length + inner
}

function bad(message: string): DomainError {
  return new DomainError("bad_input", message)
}
