import { CLIENT } from "../kinds.ts"
import { type Facts, messageOf } from "./facts.ts"

/** What a span leads to from its service. */
export interface Peer {
  role: "calls" | "queries" | "sends" | "receives"
  system: string
  /** A host, a database or a destination. */
  name: string
  /** Of what is received: the consumer group; "" where the span says none. */
  reader: string
}

/** Null for a span that stays within its service, or comes into it. */
export function peerOf(facts: Facts, kind: number): Peer | null {
  const message = messageOf(facts, kind)
  if (message) {
    const { system, destination: name, operation, group } = message
    // A poll of several topics names none.
    if (name === "") return null
    return operation === "send"
      ? { role: "sends", system, name, reader: "" }
      : { role: "receives", system, name, reader: group ?? "" }
  }
  if (kind !== CLIENT) return null
  const host = hostOf(facts)
  const database = facts.get("db.system.name")
  if (database !== undefined) {
    const namespace = facts.get("db.namespace")
    const name = [host, namespace].filter((part) => part !== undefined && part !== "").join("/")
    return { role: "queries", system: database, name: name || database, reader: "" }
  }
  const name = facts.get("peer.service") ?? host ?? facts.get("rpc.service")
  if (name === undefined) return null
  const http = facts.get("http.request.method") === undefined ? "" : "http"
  return { role: "calls", system: facts.get("rpc.system.name") ?? http, name, reader: "" }
}

function hostOf(facts: Facts): string | undefined {
  const address = facts.get("server.address")
  const port = facts.get("server.port")
  return address === undefined || port === undefined ? address : `${address}:${port}`
}
