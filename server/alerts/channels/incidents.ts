import { type Delivered, DeliveryError } from "./channel.ts"
import type { Notification, NotifiedAlert } from "./notification.ts"

/* What services have in common in which each alert is an incident of its own. */

/** What is to become of an incident, which is known by the alert's fingerprint. */
export interface IncidentAct {
  do: "open" | "acknowledge" | "unacknowledge" | "close"
  alert: NotifiedAlert
}

/** What a service knows an incident by: the same for every episode of an alert, so that only one is open for it. */
export const incidentKey = ({ fingerprint }: NotifiedAlert) => `signalbox-${fingerprint}`

/**
 * What a notification means for each incident, in order. An alert that began and ended in it only closes: opening what is
 * over would call somebody for nothing, and again if the notification comes twice.
 */
export function incidentActs({ alerts }: Notification): IncidentAct[] {
  return [...Map.groupBy(alerts, (alert) => alert.fingerprint).values()].flatMap((all) => {
    const [last] = all.slice(-1)
    if (!last) return []
    if (last.status === "resolved") return [{ do: "close" as const, alert: last }]
    const acts = all.flatMap((alert) => actOf(alert) ?? [])
    return acts.filter((act, i) => acts[i + 1]?.do !== act.do)
  })
}

function actOf(alert: NotifiedAlert): IncidentAct | null {
  switch (alert.event) {
    case "acknowledged":
      return { do: "acknowledge", alert }
    case "unacknowledged":
      return { do: "unacknowledge", alert }
    case "resolved":
      return null
    default:
      return { do: "open", alert }
  }
}

/**
 * Sends one request after the other. One that is refused for good does not keep back the others, and is told at the end;
 * one that may succeed later ends it, and everything is sent again then: the service knows by the fingerprint what it has.
 */
export async function sendEach<One>(
  all: readonly One[],
  send: (one: One) => Promise<Delivered>,
): Promise<Delivered> {
  const refused: DeliveryError[] = []
  let last: Delivered = { answer: "nothing to send" }
  for (const one of all) {
    try {
      last = await send(one)
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.retry) throw error
      refused.push(error)
    }
  }
  const [first] = refused
  if (!first) return last
  const message = all.length === 1 ? first.message : `${refused.length} of ${all.length}: ${first.message}`
  throw new DeliveryError(message, { retry: false, cause: first })
}
