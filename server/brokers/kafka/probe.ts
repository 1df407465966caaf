import { lookup } from "node:dns/promises"
import { connect } from "node:net"
import { connect as connectTls } from "node:tls"
import { describeClusterV0 } from "@platformatic/kafka"
import { messageOf } from "../../errors.ts"
import type { ProbeStep } from "../system.ts"
import { KafkaClient } from "./client.ts"
import { type Address, bootstrapAddresses, type KafkaConnection, tlsOptions } from "./connection.ts"
import { errorName } from "./errors.ts"
import { listGroups } from "./list-groups.ts"
import { type BrokerInfo, fetchMetadata } from "./metadata.ts"
import { fetchVersion } from "./version.ts"

type Step = ProbeStep["step"]
const STEPS: readonly Step[] = ["dns", "tcp", "tls", "sasl", "version", "authorisation"]
const STEP_MS = 5000

/** What a step found; a warning does not stop the next. Throwing a string fails the step with these words. */
type Finding = string | { warning: string }

/** Tries a connection step by step: name, TCP, TLS, SASL, version, authorisation. */
export async function probeKafka(connection: KafkaConnection, signal: AbortSignal): Promise<ProbeStep[]> {
  await using client = new KafkaClient(connection, "signalbox-probe")
  const within = () => AbortSignal.any([signal, AbortSignal.timeout(STEP_MS)])
  const addresses = bootstrapAddresses(connection)
  const work: Record<Step, () => Promise<Finding>> = {
    dns: () => probeNames(addresses),
    tcp: () => probeTcp(addresses),
    tls: () => (connection.tls ? probeTls(connection, addresses) : Promise.resolve("Not used.")),
    sasl: () => probeSasl(client, connection, within()),
    version: () => probeVersion(client, within()),
    authorisation: () => probeAuthorisation(client, within()),
  }
  const steps: ProbeStep[] = []
  for (const step of STEPS) {
    const stopped = steps.some((done) => done.result === "failed")
    steps.push(
      stopped ? { step, result: "skipped", message: "Not tried.", ms: 0 } : await run(step, work[step]),
    )
  }
  return steps
}

async function run(step: Step, work: () => Promise<Finding>): Promise<ProbeStep> {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  try {
    const found = await work()
    if (typeof found === "string") return { step, result: "ok", message: found, ms: ms() }
    return { step, result: "warning", message: found.warning, ms: ms() }
  } catch (error) {
    return { step, result: "failed", message: typeof error === "string" ? error : messageOf(error), ms: ms() }
  }
}

async function probeNames(addresses: Address[]): Promise<Finding> {
  const found = await Promise.all(
    addresses.map(async ({ host }) => {
      const address = await lookup(host).catch(() => null)
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

async function probeTcp(addresses: Address[]): Promise<Finding> {
  const tried = await Promise.all(
    addresses.map(async (address) => ({ address, failure: await tcpFailure(address) })),
  )
  const failed = tried.filter((one) => one.failure !== null)
  const words = failed.map(({ address, failure }) => `${address.host}:${address.port} ${failure}`).join("; ")
  if (failed.length === tried.length) throw `${words}. Check the port and the firewall.`
  return failed.length > 0
    ? { warning: `${words}; the others answer.` }
    : "Every bootstrap server takes the connection."
}

function tcpFailure(address: Address): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port, timeout: STEP_MS })
    const done = (failure: string | null) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once("connect", () => done(null))
    socket.once("timeout", () => done(`did not answer within ${STEP_MS / 1000} s`))
    socket.once("error", (error: NodeJS.ErrnoException) =>
      done(
        error.code === "ECONNREFUSED"
          ? "refused the connection: nothing listens there"
          : `failed (${error.code ?? error.message})`,
      ),
    )
  })
}

const TLS_ADVICE: Record<string, string> = {
  CERT_HAS_EXPIRED: "The broker's certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "The broker's certificate is signed by itself: give its PEM as certificate authority.",
  SELF_SIGNED_CERT_IN_CHAIN:
    "The broker's certificate is signed by an authority that is not trusted here: give that authority's PEM.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "The broker's certificate is signed by an authority that is not trusted here: give that authority's PEM.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "The broker's certificate is signed by an authority that is not trusted here: give that authority's PEM.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The broker's certificate is for another name: connect by that name, or give it as the name in the certificate.",
  ERR_SSL_WRONG_VERSION_NUMBER:
    "This port does not speak TLS: switch TLS off, or use the port of the TLS listener.",
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    "This port does not speak TLS: switch TLS off, or use the port of the TLS listener.",
  ECONNRESET:
    "The broker cut the TLS handshake: this port may not speak TLS, or it wants a client certificate.",
}

function adviceOnTls(error: NodeJS.ErrnoException): string | undefined {
  // OpenSSL's codes of these alerts differ from version to version; its words do not.
  if (/alert (bad certificate|certificate required|handshake failure)/i.test(error.message)) {
    return "The broker wants a client certificate (mTLS), or does not accept the one given: give certificate and key."
  }
  return TLS_ADVICE[error.code ?? ""]
}

async function probeTls(connection: KafkaConnection, addresses: Address[]): Promise<Finding> {
  const address = addresses[0]
  if (!address) throw "There is no bootstrap server to try."
  const options = tlsOptions(connection) ?? {}
  return new Promise((resolve, reject) => {
    const servername = connection.serverName ?? (/^[\d.]+$|:/.test(address.host) ? undefined : address.host)
    const socket = connectTls({
      ...options,
      host: address.host,
      port: address.port,
      timeout: STEP_MS,
      ...(servername ? { servername } : {}),
    })
    const fail = (error: NodeJS.ErrnoException) => {
      socket.destroy()
      reject(adviceOnTls(error) ?? `The TLS handshake failed: ${error.message}.`)
    }
    socket.once("error", fail)
    socket.once("timeout", () =>
      fail(Object.assign(new Error("no answer; this port may not speak TLS"), { code: "" })),
    )
    socket.once("secureConnect", () => {
      // A refused client certificate is told only after the handshake (TLS 1.3): wait for it a moment.
      const settled = setTimeout(() => {
        const until = socket.getPeerCertificate().valid_to
        socket.destroy()
        const words = `${socket.getProtocol() ?? "TLS"}; the certificate is valid until ${until}.`
        resolve(
          connection.verify
            ? words
            : { warning: `${words} It is not verified: anyone on the way can listen.` },
        )
      }, 300)
      socket.once("close", () => {
        clearTimeout(settled)
        reject(
          "The broker closed the connection right after the TLS handshake: it may want a client certificate (mTLS).",
        )
      })
    })
  })
}

async function probeSasl(
  client: KafkaClient,
  connection: KafkaConnection,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    await fetchMetadata(client, [], signal)
    return connection.sasl === "none" ? "Not used." : `Signed in with ${connection.sasl}.`
  } catch (error) {
    throw saslAdvice(connection, everyMessage(error))
  }
}

function saslAdvice(connection: KafkaConnection, words: string): string {
  if (connection.sasl === "none") {
    return connection.tls
      ? `The broker took the connection but does not answer: it may want SASL. (${words})`
      : `The broker took the connection but does not answer: it may want TLS or SASL. (${words})`
  }
  if (/UNSUPPORTED_SASL_MECHANISM|mechanism/i.test(words)) {
    return `The broker does not offer ${connection.sasl} on this listener: choose another mechanism, or another port. (${words})`
  }
  if (/SASL_AUTHENTICATION_FAILED|authentication/i.test(words)) {
    return `The broker refused the ${connection.sasl} sign-in: check the user name and the password or token. (${words})`
  }
  return `The broker did not answer the ${connection.sasl} sign-in: this listener may not speak SASL, or wants ${connection.tls ? "no TLS" : "TLS"}. (${words})`
}

function everyMessage(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(everyMessage)].join(" ")
  if (error instanceof Error && error.cause !== undefined)
    return `${error.message} ${everyMessage(error.cause)}`
  return messageOf(error)
}

async function probeVersion(client: KafkaClient, signal: AbortSignal): Promise<Finding> {
  const version = await fetchVersion(client, signal)
  if (version) return `Kafka ${version}.`
  return {
    warning:
      "The broker does not tell its metadata version. Signalbox needs Kafka 3.3 or later, or what speaks its protocol.",
  }
}

async function probeAuthorisation(client: KafkaClient, signal: AbortSignal): Promise<Finding> {
  const metadata = await fetchMetadata(client, null, signal)
  const unreachable = await unreachableBrokers(metadata.brokers)
  if (unreachable.length > 0) {
    throw `The bootstrap server answers, but these brokers cannot be reached at the address that they advertise: ${unreachable.join(", ")}. Check advertised.listeners, or the way from here.`
  }
  const cluster = await client.sendToAny(describeClusterV0.api, { args: [true, 1], signal })
  const groups = await listGroups(client, metadata.brokers, signal)
  const refused = [
    ...(cluster.errorCode === 0 ? [] : [`DESCRIBE on the cluster (${errorName(cluster.errorCode)})`]),
    ...groups.problems.map((problem) => `DESCRIBE on the groups (${problem.code})`),
    ...metadata.problems.map((problem) => `DESCRIBE on the topics (${problem.code})`),
  ]
  if (refused.length > 0) throw `Signalbox's user lacks: ${[...new Set(refused)].join(", ")}.`
  const seen = `${metadata.brokers.length} brokers, ${metadata.topics.length} topics and ${groups.groups.length} groups are visible.`
  const none =
    "Nothing is visible: either the cluster is empty, or Signalbox's user lacks DESCRIBE on topics and groups."
  return metadata.topics.length === 0 && groups.groups.length === 0 ? { warning: none } : seen
}

async function unreachableBrokers(brokers: BrokerInfo[]): Promise<string[]> {
  const tried = await Promise.all(
    brokers.map(async (broker) => ({ broker, failure: await tcpFailure(broker) })),
  )
  return tried.flatMap(({ broker, failure }) =>
    failure ? [`broker ${broker.nodeId} at ${broker.host}:${broker.port} (${failure})`] : [],
  )
}
