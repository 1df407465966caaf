import type { Broker } from "#server/brokers/broker.ts"
import { momentOrNull } from "#server/moment.ts"
import { placeKey } from "#server/place.ts"
import type { PlanLine } from "./model.ts"

/** Partitions whose first message is read for a preview: a fetch each. */
const MAX_POSITIONS = 500

/** Fills in the first message at each new position, where it is not known from the look-up already. */
export async function withFirst(
  broker: Broker,
  lines: readonly PlanLine[],
  signal: AbortSignal,
): Promise<PlanLine[]> {
  const wanted = lines
    .filter((line) => line.trouble === null && line.time === null && line.to !== null)
    .filter((line) => line.end !== null && (line.to ?? 0) < line.end)
    .slice(0, MAX_POSITIONS)
    .map((line) => ({ ...line, offset: BigInt(line.to ?? 0) }))
  if (!broker.messages || wanted.length === 0) return [...lines]
  const positions = wanted.map(({ destination, partition, offset }) => ({ destination, partition, offset }))
  const read = await broker.messages.read(positions, signal).catch(() => null)
  const found = new Map(read?.found.map((one) => [placeKey(one.position), one.message]))
  return lines.map((line) => {
    const message = found.get(placeKey(line))
    return message ? { ...line, first: Number(message.offset), time: momentOrNull(message.timestamp) } : line
  })
}
