import { connect, type TLSSocket } from "node:tls"
import { type Address, type KafkaConnection, tlsOptions } from "./connection.ts"
import { firstAnswer, protocolOf } from "./probe-network.ts"
import { type Finding, nameOf, type ProbeRun, STEP_MS } from "./probe-run.ts"

const UNKNOWN_AUTHORITY =
  "The broker's certificate is signed by an authority that is not trusted here: give that authority's PEM."

const ADVICE: Record<string, string> = {
  CERT_HAS_EXPIRED: "The broker's certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "The broker's certificate is self-signed: give its PEM as certificate authority.",
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The broker's certificate is for another name: connect by that name, or give it as the name in the certificate.",
}
const NO_TLS = "This port speaks Kafka without TLS: switch TLS off, or use the port of the TLS listener."
const WANTS_CLIENT =
  "The broker wants a client certificate (mTLS), or does not accept the one given: give certificate and key."
/** A refused client certificate is told only after the handshake (TLS 1.3): wait for it a moment. */
const SETTLE_MS = 300

type Tried = { words: string } | { failure: string }

/** TLS on every bootstrap server that takes connections; or, where TLS is off, whether they can do without it. */
export async function probeTls(run: ProbeRun, signal: AbortSignal): Promise<Finding> {
  return run.connection.tls ? probeHandshakes(run, signal) : probePlain(run, signal)
}

async function probePlain({ answering }: ProbeRun, signal: AbortSignal): Promise<Finding> {
  const spoken = await Promise.all(answering.map((address) => protocolOf(address, signal)))
  const withTls = answering.filter((_, index) => spoken[index] === "tls").map(nameOf)
  if (withTls.length === 0) return "Not used."
  const advice = "switch TLS on, or use the port of the listener without it."
  if (withTls.length === answering.length) throw `${withTls.join(", ")} speaks TLS: ${advice}`
  return { warning: `${withTls.join(", ")} speaks TLS, the others do not: ${advice}` }
}

async function probeHandshakes({ connection, answering }: ProbeRun, signal: AbortSignal): Promise<Finding> {
  const tried = await Promise.all(
    answering.map(async (address) => ({ address, ...(await tryHandshake(connection, address, signal)) })),
  )
  const failed = Map.groupBy(
    tried.filter((one) => "failure" in one),
    (one) => one.failure,
  )
  const failures = [...failed].map(([failure, list]) =>
    list.length === tried.length
      ? failure
      : `${list.map((one) => nameOf(one.address)).join(", ")}: ${failure}`,
  )
  const words = [...new Set(tried.flatMap((one) => ("words" in one ? [one.words] : [])))].join(" ")
  if (words === "") throw failures.join(" ")
  if (failures.length > 0) return { warning: `${failures.join(" ")} The others: ${words}` }
  return connection.verify ? words : { warning: `${words} It is not verified: anyone on the way can listen.` }
}

async function tryHandshake(
  connection: KafkaConnection,
  address: Address,
  signal: AbortSignal,
): Promise<Tried> {
  const name = connection.serverName ?? (/^[\d.]+$|:/.test(address.host) ? undefined : address.host)
  const options = { ...tlsOptions(connection), ...address, timeout: STEP_MS }
  const socket = connect({ ...options, ...(name ? { servername: name } : {}) })
  const aborted: Handshake = { error: new Error("the broker did not answer in time") }
  const shaken = await firstAnswer<Handshake>(socket, { signal, aborted }, (done) => listen(socket, done))
  if ("words" in shaken) return shaken
  const advice = adviceOn(shaken.error)
  if (advice) return { failure: advice }
  if ((await protocolOf(address, signal)) === "kafka") return { failure: NO_TLS }
  return { failure: `The TLS handshake failed: ${shaken.error.message.replace(/\.$/, "")}.` }
}

type Handshake = { words: string } | { error: NodeJS.ErrnoException }

function listen(socket: TLSSocket, done: (shaken: Handshake) => void): void {
  socket.once("error", (error) => done({ error }))
  socket.once("timeout", () => done({ error: new Error("the broker did not answer in time") }))
  socket.once("secureConnect", () => {
    const until = socket.getPeerCertificate().valid_to
    const words = `${socket.getProtocol() ?? "TLS"}; the certificate is valid until ${until}.`
    const settled = setTimeout(() => done({ words }), SETTLE_MS)
    socket.once("close", () => {
      clearTimeout(settled)
      done({ error: new Error("alert certificate required") })
    })
  })
}

function adviceOn(error: NodeJS.ErrnoException): string | undefined {
  // OpenSSL's codes of these alerts differ from version to version; its words do not.
  if (/alert (bad certificate|certificate required|handshake failure|unknown ca)/i.test(error.message)) {
    return WANTS_CLIENT
  }
  return ADVICE[error.code ?? ""]
}
