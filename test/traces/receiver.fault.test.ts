import path from "node:path"
import { ROOT_CONTEXT, trace } from "@opentelemetry/api"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import { resourceFromAttributes } from "@opentelemetry/resources"
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace"
import { expect, it } from "vitest"
import { freePorts } from "#scripts/stack/ports.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { type Server, startServer } from "#scripts/stack/process.ts"
import { migrate, openStore } from "#server/store/index.ts"
import { readTrace } from "#server/traces/queries/read-trace.ts"
import { until } from "#test/until.ts"
import { spansByTrace } from "./stored.ts"

const SPANS_A_TRACE = 40
const SENDERS = 4
/** Acknowledged traces between two kills. */
const BETWEEN = 60

type Result = Parameters<Parameters<OTLPTraceExporter["export"]>[1]>[0]
const SUCCESS = 0

/** A trace of forty spans, as the SDK ended them. */
function newTrace(): readonly [traceId: string, spans: ReadableSpan[]] {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "checkout" }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer("shop")
  const root = tracer.startSpan("POST /orders")
  const parent = trace.setSpan(ROOT_CONTEXT, root)
  for (let i = 1; i < SPANS_A_TRACE; i++) tracer.startSpan(`step ${i}`, { attributes: { i } }, parent).end()
  root.end()
  return [root.spanContext().traceId, exporter.getFinishedSpans()]
}

it("loses no span that it acknowledged and doubles none, whatever is killed under a real exporter", async () => {
  await using postgres = await startPostgres({ config: { fsync: "on" } })
  const url = await postgres.createDatabase()
  await migrate(url)
  await using store = openStore(url, { max: 2 })
  const [port = 0, metricsPort = 0] = await freePorts(2)
  const start = () => startReceiver({ url, port, metricsPort })
  let receiver = await start()
  const acknowledged: string[] = []
  const failures: string[] = []
  const end = new AbortController()
  const send = async () => {
    const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces`, timeoutMillis: 3000 })
    while (!end.signal.aborted) {
      const [traceId, spans] = newTrace()
      // Its own retries end after a while; then the same spans are given to it again.
      for (;;) {
        const { code, error } = await new Promise<Result>((resolve) => exporter.export(spans, resolve))
        if (code === SUCCESS) break
        failures.push(error?.message ?? "")
      }
      acknowledged.push(traceId)
    }
    await exporter.shutdown()
  }
  const senders = Array.from({ length: SENDERS }, send)
  const more = async () => {
    const before = acknowledged.length
    await until("more is acknowledged", () => acknowledged.length >= before + BETWEEN)
  }
  try {
    for (let round = 0; round < 3; round++) {
      await more()
      await receiver.kill("SIGKILL")
      receiver = await start()
      await more()
      await postgres.kill()
      await postgres.start()
    }
    await more()
  } finally {
    end.abort()
    await Promise.all(senders)
    await receiver.stop()
  }
  const rows = [...(await spansByTrace(store))].map(([id, spans]) => ({ id, spans }))
  expect(rows.map((row) => row.id).sort()).toEqual(acknowledged.sort())
  expect(rows.filter((row) => row.spans !== SPANS_A_TRACE)).toEqual([])
  for (const id of acknowledged.slice(0, 20)) {
    const { spans } = await readTrace(store, Buffer.from(id, "hex"))
    expect(new Set(spans.map((span) => span.name)).size).toBe(SPANS_A_TRACE)
  }
  console.log(`${acknowledged.length} traces acknowledged, ${failures.length} exports failed in between`)
})

function startReceiver(at: { url: string; port: number; metricsPort: number }): Promise<Server> {
  return startServer({
    name: "receiver",
    command: process.execPath,
    args: [path.resolve("server/roles/receiver.ts")],
    env: {
      DATABASE_URL: at.url,
      SIGNALBOX_OTLP_HTTP_PORT: String(at.port),
      SIGNALBOX_OTLP_GRPC_PORT: "0",
      SIGNALBOX_ZIPKIN_PORT: "0",
      SIGNALBOX_RECEIVER_METRICS_PORT: String(at.metricsPort),
    },
    ready: async () =>
      (await fetch(`http://127.0.0.1:${at.metricsPort}/healthz`).catch(() => null))?.ok === true,
  })
}
