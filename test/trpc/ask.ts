import { ORIGIN } from "#test/access/world.ts"
import { GET } from "../../app/api/trpc/[trpc]/route.ts"

interface Ask {
  cookie?: string
  input?: unknown
  signal?: AbortSignal
}

/** Asks a query or subscription over HTTP, as a browser does. */
export function askTrpc(path: string, ask: Ask = {}): Promise<Response> {
  const url = new URL(`/api/trpc/${path}`, ORIGIN)
  if (ask.input !== undefined) url.searchParams.set("input", JSON.stringify(ask.input))
  const headers = new Headers(ask.cookie ? { cookie: ask.cookie } : {})
  return GET(new Request(url, { headers, signal: ask.signal ?? null }))
}
