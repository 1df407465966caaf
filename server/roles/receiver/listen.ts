import type { Server } from "node:http"
import type { ReceiverConfig } from "#server/config.ts"
import { type GrpcParts, listenGrpc, otlpServer, zipkinServer } from "#server/traces/index.ts"

/**
 * Listens on every port of the receiver. Ends the process when one is taken: its supervisor tries again. The function that
 * is returned stops listening, and resolves when what is under way is answered.
 */
export async function listenAll(parts: GrpcParts, config: ReceiverConfig): Promise<() => Promise<void>> {
  const { host, otlpHttpPort, otlpGrpcPort, zipkinPort } = config
  const taken = (port: number) => (error: unknown) => {
    parts.log.error({ err: error, host, port }, "the receiver cannot listen: does a collector use the port?")
    process.exit(1)
  }
  const http = otlpServer(parts)
  await listening(http, { host, port: otlpHttpPort }).catch(taken(otlpHttpPort))
  const grpc = await listenGrpc(parts, { host, port: otlpGrpcPort }).catch(taken(otlpGrpcPort))
  const zipkin = zipkinServer(parts)
  await listening(zipkin, { host, port: zipkinPort }).catch((error: unknown) => {
    // A Zipkin on the same machine is no reason to take no spans.
    parts.log.error(
      { err: error, host, port: zipkinPort },
      "Zipkin's port is in use: spans are taken by OTLP only",
    )
  })
  return async () => {
    await Promise.all([closed(http), closed(zipkin), grpc.close()])
  }
}

function listening(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(at.port, at.host, resolve)
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
