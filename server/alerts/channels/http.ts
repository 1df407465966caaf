import { isDomainError, messageOf } from "#server/errors.ts"
import { askOutside } from "#server/outbound/index.ts"
import { type Delivered, DeliveryError } from "./channel.ts"

interface Posted {
  url: string
  body: string
  headers?: Readonly<Record<string, string>>
}

const MAX_SHOWN = 300
/** A receiver that has not answered after all: the next try is soon enough. */
const TRY_AGAIN = [408, 425, 429]

/** Posts JSON to an address that somebody entered. A 2xx is a delivery; anything else throws a DeliveryError. */
export async function postJson({ url, body, headers = {} }: Posted): Promise<Delivered> {
  const asked = {
    url: new URL(url),
    method: "POST" as const,
    headers: { "content-type": "application/json", "user-agent": "Signalbox", ...headers },
    body,
  }
  const answer = await askOutside(asked).catch((cause: unknown) => {
    // What the policy refuses it will refuse again.
    const retry = !(isDomainError(cause) && cause.code === "forbidden")
    throw new DeliveryError(messageOf(cause), { retry, cause })
  })
  const shown = `${answer.status} ${answer.body.slice(0, MAX_SHOWN)}`.trim()
  if (answer.status >= 200 && answer.status < 300) return { answer: shown }
  throw new DeliveryError(`The receiver answered ${shown}`, {
    retry: answer.status >= 500 || TRY_AGAIN.includes(answer.status),
    retryAfterMs: readRetryAfter(answer.headers["retry-after"], Date.now()),
  })
}

/** Retry-After (RFC 9110, section 10.2.3) as ms from `now`: seconds, or a date. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
