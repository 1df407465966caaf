import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { kafkaClasspath } from "../../kafka/jars.ts"
import { freePort } from "../../ports.ts"
import { startServer } from "../../process.ts"
import { javaTools } from "./fetched.ts"

const SOURCES = ["Risk.java", "Fraud.java"].map((name) => path.join(import.meta.dirname, name))
const COMPILER = "org.eclipse.jdt.internal.compiler.batch.Main"

const COMPILING_MS = 120_000
const VERSIONS = { risk: "4.0.1", fraud: "0.9.0" } as const

export interface JavaServicesOptions {
  bootstrap: string[]
  /** Base address of an OTLP/HTTP receiver of spans. */
  otlpUrl: string
  logFile?: string
}

/**
 * The services of the shop that are written in Java, each in a JVM with OpenTelemetry's agent: `fraud` reads `orders` and
 * asks `risk` by Java RMI. Ready when both run. Rejects where they cannot, as without Maven Central at the first start.
 */
export async function startJavaServices(options: JavaServicesOptions): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack()
  const [{ agent, compiler }, kafka, port] = await Promise.all([javaTools(), kafkaClasspath(), freePort()])
  const classes = await mkdtemp(path.join(tmpdir(), "signalbox-shop-java-"))
  started.defer(() => rm(classes, { recursive: true, force: true }))
  const classpath = [classes, kafka].join(path.delimiter)
  // It compiles against its own classpath.
  const compile = ["-cp", [compiler, kafka].join(path.delimiter), COMPILER, "-17", "-d", classes, ...SOURCES]
  await promisify(execFile)("java", compile, { timeout: COMPILING_MS })
  const start = (name: keyof typeof VERSIONS, main: string, args: string[]) => {
    let isReady = false
    return startServer({
      name,
      command: "java",
      args: [
        ...["-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", `-javaagent:${agent}`],
        ...["-Djava.rmi.server.hostname=127.0.0.1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"],
        ...["-cp", classpath, main, ...args],
      ],
      env: environment(name, options.otlpUrl),
      onOutput: (text) => {
        isReady ||= text.includes(`${name} is ready`)
      },
      ready: async () => isReady,
      stopMs: 5000,
      ...(options.logFile ? { logFile: options.logFile } : {}),
    })
  }
  const [risk, fraud] = await Promise.all([
    start("risk", "Risk", [String(port)]),
    start("fraud", "Fraud", [options.bootstrap.join(","), String(port)]),
  ])
  started.use(risk)
  started.use(fraud)
  return started.move()
}

/** Of the agent; see docs/traces.md. */
function environment(name: keyof typeof VERSIONS, otlpUrl: string): Record<string, string> {
  const resource = {
    "service.version": VERSIONS[name],
    "service.instance.id": `${name}-1`,
    "host.name": "shop-host-1",
  }
  return {
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: Object.entries(resource)
      .map((pair) => pair.join("="))
      .join(),
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  }
}
