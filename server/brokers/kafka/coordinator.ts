import type { Broker as BrokerAddress } from "@platformatic/kafka"
import type { KafkaClient } from "./client.ts"
import { findCoordinator } from "./find-coordinator.ts"
import { Refused, retrying } from "./retry.ts"

/** Codes that say: ask again, perhaps another broker. */
const MOVED = new Set([14, 15, 16])

/** Asks the coordinator of a group, and asks again where the coordinator has just moved or is still loading. */
export function askCoordinator<Answer>(
  client: KafkaClient,
  ask: {
    group: string
    signal: AbortSignal
    send: (to: BrokerAddress) => Promise<Answer>
    /** All error codes of an answer. */
    codesOf: (answer: Answer) => number[]
  },
): Promise<Answer> {
  return retrying(ask.signal, async () => {
    const to = await findCoordinator(client, { kind: "group", key: ask.group }, ask.signal)
    const answer = await ask.send(to)
    const moved = ask.codesOf(answer).find((code) => MOVED.has(code))
    if (moved !== undefined) throw new Refused(moved)
    return answer
  })
}
