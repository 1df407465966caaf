import { type Broker as BrokerAddress, findCoordinatorV4 } from "@platformatic/kafka"
import type { KafkaClient } from "./client.ts"
import { accepted } from "./retry.ts"

const KEY_TYPES = { group: 0, transaction: 1 } as const

/** The broker that keeps a group's offsets, or a transactional id's state (FindCoordinator v4). Throws Refused. */
export async function findCoordinator(
  client: KafkaClient,
  of: { kind: keyof typeof KEY_TYPES; key: string },
  signal: AbortSignal,
): Promise<BrokerAddress> {
  const answer = await client.sendToAny(findCoordinatorV4.api, {
    args: [KEY_TYPES[of.kind], [of.key]],
    signal,
  })
  const found = answer.coordinators[0]
  accepted(found?.errorCode ?? 15)
  return { host: found?.host ?? "", port: found?.port ?? 0 }
}
