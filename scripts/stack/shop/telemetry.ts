import { type Tracer, trace } from "@opentelemetry/api"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources"
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace"

/** A service of the shop as its spans name it. */
export interface Identity {
  service: string
  version: string
  /** From 1; default 1. Each runs on a host of its own, so to speak. */
  instance?: number
  /** The share of the traces that begin here which are recorded; default all. */
  sampled?: number
}

export interface Telemetry extends AsyncDisposable {
  tracer(of: Identity): Tracer
}

/**
 * The OpenTelemetry SDK for all services of this process, each a resource of its own. Without an address spans are made,
 * and their context is handed on, but they are sent nowhere.
 */
export function startTelemetry(otlpUrl?: string): Telemetry {
  const processor = otlpUrl
    ? new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces` }) })
    : null
  return {
    tracer: ({ service, version, instance = 1, sampled = 1 }) => {
      const provider = new TracerProvider({
        resource: defaultResource().merge(
          resourceFromAttributes({
            "service.name": service,
            "service.version": version,
            "service.instance.id": `${service}-${instance}`,
            "host.name": `shop-host-${instance}`,
          }),
        ),
        sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampled) }),
        spanProcessors: processor ? [processor] : [],
      })
      return provider.getTracer("shop")
    },
    [Symbol.asyncDispose]: async () => {
      await processor?.shutdown().catch(() => undefined)
    },
  }
}

/** For what is not instrumented, as there is something in every system. */
export const noTracer: Tracer = trace.getTracer("none")
