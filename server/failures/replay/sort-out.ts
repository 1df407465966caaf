import type { Broker, Message, NewMessage } from "#server/brokers/broker.ts"
import { isDomainError } from "#server/errors.ts"
import { type Item, readItems } from "./items.ts"
import { type Outgoing, toOutgoing } from "./outgoing.ts"
import type { sendableAt } from "./targets.ts"

/** Reads chosen dead letters, and tells what can be sent from what cannot, with the reason. */
export async function sortOut(
  broker: Broker,
  from: { items: readonly Item[]; outgoing: Outgoing; sendable: ReturnType<typeof sendableAt> },
  signal: AbortSignal,
): Promise<{ ready: NewMessage[]; leftOut: Item[] }> {
  const wanted = from.items.filter((item) => item.leftOut === null)
  const found = await readItems(broker, wanted, signal)
  const made = wanted.map((item) => toSend(item, found.get(item.offset), from.outgoing))
  const checked = await from.sendable(
    made.filter((one) => typeof one !== "string"),
    signal,
  )
  const answers = checked.values()
  const ready: NewMessage[] = []
  const leftOut: Item[] = []
  for (const [at, item] of wanted.entries()) {
    const first = made[at]
    const one = typeof first === "string" ? first : answers.next().value
    if (typeof one === "string") leftOut.push({ ...item, leftOut: one })
    else if (one) ready.push(one)
  }
  return { ready, leftOut }
}

/** The message that is sent for a dead letter; a string: why there is none. */
function toSend(item: Item, message: Message | undefined, by: Outgoing): NewMessage | string {
  if (!message) return "The broker has deleted it."
  try {
    return toOutgoing(item, message, by)
  } catch (error) {
    if (isDomainError(error) && error.code === "bad_input") return error.message
    throw error
  }
}
