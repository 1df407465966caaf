import { lookup } from "node:dns/promises"
import { connect, type Socket } from "node:net"
import { abortable } from "./abortable.ts"
import type { Address } from "./connection.ts"
import { type Finding, nameOf, type ProbeRun, STEP_MS } from "./probe-run.ts"

export async function probeNames({ addresses }: ProbeRun, signal: AbortSignal): Promise<Finding> {
  const found = await Promise.all(
    addresses.map(async ({ host }) => {
      const address = await abortable(lookup(host), signal).catch(() => null)
      return { host, address: address?.address ?? null }
    }),
  )
  const missing = found.filter((one) => one.address === null).map((one) => one.host)
  if (missing.length === found.length)
    throw `No address is known for ${missing.join(", ")}. Check the spelling, and that this machine's DNS knows the name.`
  const known = found.flatMap((one) => (one.address ? [`${one.host} is ${one.address}`] : [])).join(", ")
  return missing.length > 0
    ? { warning: `${known}; no address is known for ${missing.join(", ")}.` }
    : `${known}.`
}

export async function probeTcp(run: ProbeRun, signal: AbortSignal): Promise<Finding> {
  const tried = await Promise.all(
    run.addresses.map(async (address) => ({ address, failure: await tcpFailure(address, signal) })),
  )
  run.answering = tried.filter((one) => one.failure === null).map((one) => one.address)
  const failed = tried.filter((one) => one.failure !== null)
  const words = failed.map(({ address, failure }) => `${nameOf(address)} ${failure}`).join("; ")
  if (failed.length === tried.length) throw `${words}. Check the port and the firewall.`
  return failed.length > 0
    ? { warning: `${words}; the others answer.` }
    : "All bootstrap servers accept connections."
}

/** Why no TCP connection comes about; null: it does. */
export function tcpFailure(address: Address, signal: AbortSignal): Promise<string | null> {
  const late = `did not answer within ${STEP_MS / 1000} s`
  const socket = connect({ ...address, timeout: STEP_MS })
  return firstAnswer<string | null>(socket, { signal, aborted: late }, (done) => {
    socket.once("connect", () => done(null))
    socket.once("timeout", () => done(late))
    socket.once("error", (error: NodeJS.ErrnoException) =>
      done(
        error.code === "ECONNREFUSED"
          ? "refused the connection: nothing listens there"
          : `failed (${error.code ?? error.message})`,
      ),
    )
  })
}

/*
  ApiVersions Request (Version: 0) => size api_key api_version correlation_id client_id
    size => INT32, api_key => INT16 (18), api_version => INT16, correlation_id => INT32, client_id => NULLABLE_STRING
  Response => size correlation_id error_code [api_keys]
*/
const CORRELATION = 0x5160a1
const API_VERSIONS = Buffer.from("0000000a00120000005160a1ffff", "hex")
/** First byte of a TLS record that holds an alert (RFC 8446 section 5.1). */
const TLS_ALERT = 0x15

type Protocol = "kafka" | "tls" | "closed"

/**
 * What a port speaks when it is asked in plain Kafka, which needs no sign-in for this question. "closed": it hung up
 * without a word, as a TLS listener may.
 */
export function protocolOf(address: Address, signal: AbortSignal): Promise<Protocol> {
  const socket = connect({ ...address, timeout: STEP_MS })
  return firstAnswer<Protocol>(socket, { signal, aborted: "closed" }, (done) => {
    let seen = Buffer.alloc(0)
    socket.once("connect", () => socket.write(API_VERSIONS))
    socket.on("data", (chunk) => {
      seen = Buffer.concat([seen, chunk])
      if (seen[0] === TLS_ALERT) done("tls")
      else if (seen.length >= 8) done(seen.readUInt32BE(4) === CORRELATION ? "kafka" : "closed")
    })
    for (const event of ["close", "timeout", "error"]) socket.once(event, () => done("closed"))
  })
}

/** The first answer that a socket gives, or `aborted`; the socket ends with it. */
export function firstAnswer<Answer>(
  socket: Socket,
  { signal, aborted }: { signal: AbortSignal; aborted: Answer },
  listen: (done: (answer: Answer) => void) => void,
): Promise<Answer> {
  return new Promise((resolve) => {
    const onAbort = () => done(aborted)
    const done = (answer: Answer) => {
      signal.removeEventListener("abort", onAbort)
      resolve(answer)
      // What comes after the answer is nobody's concern, and must not be thrown.
      socket.on("error", () => undefined)
      socket.destroy()
    }
    signal.addEventListener("abort", onAbort)
    listen(done)
    if (signal.aborted) onAbort()
  })
}
