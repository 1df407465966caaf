import { abortable } from "./abortable.ts"
import type { KafkaConnection } from "./connection.ts"
import { answerOf, messagesOf } from "./errors.ts"
import { fetchMetadata } from "./metadata.ts"
import { oauthToken } from "./oauth.ts"
import type { Finding, ProbeRun } from "./probe-run.ts"

/** Error code of SaslHandshake on a listener that has no SASL. */
const ILLEGAL_STATE = 34

/** Signs in by asking for metadata. A token is fetched first, so that a failing token endpoint is told as such. */
export async function probeSasl({ client, connection }: ProbeRun, signal: AbortSignal): Promise<Finding> {
  if (connection.sasl === "OAUTHBEARER") await abortable(oauthToken(connection)(), signal)
  try {
    await fetchMetadata(client, [], signal)
    return connection.sasl === "none" ? "Not used." : `Signed in with ${connection.sasl}.`
  } catch (error) {
    throw adviceOn(connection, error)
  }
}

function adviceOn(connection: KafkaConnection, error: unknown): string {
  const words = messagesOf(error)
  const { sasl, tls } = connection
  if (sasl === "none")
    return `The broker took the connection but does not answer: it may want SASL. (${words})`
  const handshake = handshakeOf(error)
  if (handshake?.errorCode === ILLEGAL_STATE) {
    return "This listener wants no sign-in: choose none, or use the port of the SASL listener."
  }
  if (handshake) {
    const offered = handshake.mechanisms.length > 0 ? handshake.mechanisms.join(", ") : "no mechanism"
    return `The broker does not offer ${sasl} on this listener, it offers ${offered}: choose another, or another port.`
  }
  if (/SASL_AUTHENTICATION_FAILED|authentication/i.test(words)) {
    return `The broker refused the ${sasl} sign-in: check the user name and the password or token. (${words})`
  }
  const other = tls ? "no TLS" : "TLS"
  return `The broker did not answer the ${sasl} sign-in: this listener may not speak SASL, or wants ${other}. (${words})`
}

interface Handshake {
  errorCode: number
  mechanisms: string[]
}

/** The broker's answer to a mechanism that it does not have; it lists those that it has (SaslHandshake). */
function handshakeOf(error: unknown): Handshake | null {
  const answer = answerOf<Partial<Handshake>>(error)
  if (answer?.errorCode && answer.mechanisms)
    return { errorCode: answer.errorCode, mechanisms: answer.mechanisms }
  const within: unknown[] = error instanceof AggregateError ? error.errors : []
  const cause = error instanceof Error ? error.cause : undefined
  for (const one of [cause, ...within]) {
    const found = one === undefined ? null : handshakeOf(one)
    if (found) return found
  }
  return null
}
