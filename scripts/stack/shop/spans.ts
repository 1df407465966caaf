import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api"
import { W3CTraceContextPropagator } from "@opentelemetry/core"

const w3c = new W3CTraceContextPropagator()

export interface SpanOf {
  name: string
  kind: SpanKind
  attributes?: Attributes
  links?: Link[]
  /** Default: none, a trace begins. */
  parent?: Context
}

export function startSpan(tracer: Tracer, { parent = ROOT_CONTEXT, name, ...options }: SpanOf): Span {
  return tracer.startSpan(name, options, parent)
}

/** Does the work within a span. Its error ends the span as failed, and goes on to the caller. */
export async function inSpan<Result>(
  tracer: Tracer,
  of: SpanOf,
  work: (at: Context) => Promise<Result> | Result,
): Promise<Result> {
  const span = startSpan(tracer, of)
  const at = trace.setSpan(of.parent ?? ROOT_CONTEXT, span)
  try {
    return await work(at)
  } catch (error) {
    fail(at, error)
    throw error
  } finally {
    span.end()
  }
}

/** Marks the span of this context as failed. */
export function fail(at: Context, error: unknown): void {
  const cause = error instanceof Error ? error : new Error(String(error))
  const span = trace.getSpan(at)
  span?.recordException(cause)
  span?.setAttribute("error.type", cause.name)
  span?.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
}

export function annotate(at: Context, attributes: Attributes): void {
  trace.getSpan(at)?.setAttributes(attributes)
}

/** The context that a caller or sender sent along in W3C's headers (traceparent, tracestate). */
export function contextOf(headers: Readonly<Record<string, unknown>>): Context {
  const { traceparent, tracestate } = headers
  const carrier = { traceparent: textOf(traceparent), tracestate: textOf(tracestate) }
  return w3c.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter)
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || Buffer.isBuffer(value) ? value.toString() : undefined
}

/** W3C's headers for those whom one calls, or to whom one sends; none where nothing is instrumented. */
export function headersIn(at: Context): Record<string, string> {
  const headers: Record<string, string> = {}
  w3c.inject(at, headers, defaultTextMapSetter)
  return headers
}
