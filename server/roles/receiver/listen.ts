import type { Server } from "node:http"
import type { ReceiverConfig } from "#server/config.ts"
import { type GrpcParts, listenGrpc, otlpServer } from "#server/traces/index.ts"

/**
 * Listens on every port of the receiver. Ends the process when one is taken: its supervisor tries again. The function that
 * is returned stops listening, and resolves when what is under way is answered.
 */
export async function listenAll(parts: GrpcParts, config: ReceiverConfig): Promise<() => Promise<void>> {
  const { host, otlpHttpPort, otlpGrpcPort } = config
  const taken = (port: number) => (error: unknown) => {
    parts.log.error({ err: error, host, port }, "the receiver cannot listen: does a collector use the port?")
    process.exit(1)
  }
  const http = otlpServer(parts)
  await listening(http, { host, port: otlpHttpPort }).catch(taken(otlpHttpPort))
  const grpc = await listenGrpc(parts, { host, port: otlpGrpcPort }).catch(taken(otlpGrpcPort))
  return async () => {
    await Promise.all([closed(http), grpc.close()])
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
