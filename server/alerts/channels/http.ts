import { isDomainError, messageOf } from "#server/errors.ts"
import { askOutside } from "#server/outbound/index.ts"
import { type Delivered, DeliveryError } from "./channel.ts"
import { hideSecrets } from "./secrets.ts"

interface Posted {
  url: string
  body: string
  headers?: Readonly<Record<string, string>>
  /** What the settings keep secret: it is hidden in answers that quote it. */
  secrets?: readonly string[]
  /** For services that say in the body what the status does not. */
  judge?: Judge
}

/** Why an answer is no delivery, and what follows from it; null: its status says it. */
export type Judge = (answer: { status: number; body: string }) => Refusal | null

export interface Refusal {
  retry: boolean
  retryAfterMs?: number
}

const MAX_SHOWN = 300
/** A receiver that has not answered after all: the next try is soon enough. */
const TRY_AGAIN = [408, 425, 429]

/**
 * Posts JSON to an address that somebody entered. A 2xx is a delivery, unless `judge` knows better; anything else throws
 * a DeliveryError.
 */
export async function postJson(posted: Posted): Promise<Delivered> {
  const { body, headers = {}, secrets = [], judge = () => null } = posted
  const url = new URL(posted.url)
  const asked = {
    url,
    method: "POST" as const,
    headers: { "content-type": "application/json", "user-agent": "Signalbox", ...headers },
    body,
  }
  const answer = await askOutside(asked).catch((cause: unknown) => {
    // What the policy refuses it will refuse again.
    const retry = !(isDomainError(cause) && cause.code === "forbidden")
    throw new DeliveryError(hideSecrets(messageOf(cause), secrets), { retry, cause })
  })
  const said = hideSecrets(answer.body, secrets).slice(0, MAX_SHOWN)
  const shown = `${answer.status} ${said}`.trim()
  const refusal = judge(answer)
  const taken = answer.status >= 200 && answer.status < 300
  if (taken && refusal === null) return { answer: shown }
  throw new DeliveryError(`The receiver answered ${shown}`, {
    retry: refusal?.retry ?? (answer.status >= 500 || TRY_AGAIN.includes(answer.status)),
    retryAfterMs: refusal?.retryAfterMs ?? readRetryAfter(answer.headers["retry-after"], Date.now()),
  })
}

/** Retry-After (RFC 9110, section 10.2.3) as ms from `now`: seconds, or a date. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
