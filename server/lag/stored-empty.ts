import { z } from "zod"
import type { Store } from "#server/store/index.ts"
import type { EmptyRange } from "./evaluation.ts"

/** Offsets of these destinations that are known to hold no message, by destination. */
export async function readEmpty(
  store: Store,
  destinationIds: readonly number[],
): Promise<Map<number, EmptyRange[]>> {
  const rows = await store.prisma.emptyOffsets.findMany({
    where: { destinationId: { in: [...destinationIds] } },
    select: { destinationId: true, partition: true, fromOffset: true, toOffset: true },
  })
  const byDestination = Map.groupBy(rows, (row) => row.destinationId)
  return new Map(
    [...byDestination].map(([id, list]) => [
      id,
      list.map((row) => ({
        partition: row.partition,
        from: Number(row.fromOffset),
        to: Number(row.toOffset),
      })),
    ]),
  )
}

const heldRows = z.array(z.object({ partition: z.number(), stable: z.number() }))

/** Where open transactions hold messages back, as the store keeps it of a destination. */
export function storedHeld(held: unknown): Map<number, number> {
  const rows = heldRows.safeParse(held).data ?? []
  return new Map(rows.map((row) => [row.partition, row.stable]))
}
