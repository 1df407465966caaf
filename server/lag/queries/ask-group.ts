import type { Broker, ConsumerGroup, Problem } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"

/** What the cluster says of one group now, or why it could not be asked. */
export type Asked =
  | { broker: Broker; group: ConsumerGroup | null; problems: Problem[] }
  | { broker: null; failure: unknown }

const PATIENCE_MS = 4000

/** Asks the coordinator of one group. Never rejects: stored numbers are shown all the same. */
export async function askGroup(ctx: Context, input: { cluster: string; group: string }): Promise<Asked> {
  try {
    const broker = await openBroker(ctx, input.cluster)
    const described = await broker.describe({ groups: [input.group] }, AbortSignal.timeout(PATIENCE_MS))
    return { broker, group: described.groups[0] ?? null, problems: described.problems }
  } catch (failure) {
    return { broker: null, failure }
  }
}

export type Members = ReadonlyMap<string, { clientId: string; host: string }>

/** Who is assigned which partition, by `destination/partition`. */
export function membersByPartition(asked: Asked): Members {
  const members = asked.broker ? (asked.group?.members ?? []) : []
  return new Map(
    members.flatMap(({ clientId, host, assignment }) =>
      (assignment ?? []).flatMap(({ destination, partitions }) =>
        partitions.map((partition) => [`${destination}/${partition}`, { clientId, host }] as const),
      ),
    ),
  )
}
