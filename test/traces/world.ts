import type { AddressInfo } from "node:net"
import { inject } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createLogger } from "#server/log.ts"
import { migrate, openStore, type Store } from "#server/store/index.ts"
import { otlpServer, Receiver, SpanTokens, zipkinServer } from "#server/traces/index.ts"

export interface ReceiverWorld extends AsyncDisposable {
  store: Store
  receiver: Receiver
  /** Of OTLP/HTTP. */
  url: string
  counts: Record<string, number>
}

export interface ReceiverOptions {
  databaseUrl?: string
  tokens?: string[]
  /** Of Zipkin in place of OTLP. */
  zipkin?: boolean
  keep?: { days: number; bytes: number }
}

/** A receiver of OTLP/HTTP with a database of its own. */
export async function receiverWorld(options: ReceiverOptions = {}): Promise<ReceiverWorld> {
  await using owned = new AsyncDisposableStack()
  const database = options.databaseUrl
    ? { url: options.databaseUrl }
    : owned.use(await createDatabase(inject("postgresUrl")))
  await migrate(database.url)
  const store = owned.use(openStore(database.url, { max: 4 }))
  const counts: Record<string, number> = {}
  const count = (name: string) => (by: number) => {
    counts[name] = (counts[name] ?? 0) + by
  }
  const log = createLogger("receiver")
  const receiver = new Receiver({
    store,
    keep: options.keep ?? { days: 7, bytes: 1e12 },
    counts: {
      accepted: count("accepted"),
      rejected: count("rejected"),
      cut: (cuts) => count("cut")(cuts.attributes + cuts.values + cuts.events + cuts.links),
      refused: (reason) => count(reason)(1),
    },
    log,
  })
  const tokens = new SpanTokens(options.tokens ?? [], { store, log })
  const parts = { receiver, log, admits: (authorization: string | undefined) => tokens.admits(authorization) }
  const server = options.zipkin ? zipkinServer(parts) : otlpServer(parts)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  owned.defer(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  const moved = owned.move()
  return {
    store,
    receiver,
    url: `http://127.0.0.1:${port}`,
    counts,
    [Symbol.asyncDispose]: () => moved[Symbol.asyncDispose](),
  }
}
