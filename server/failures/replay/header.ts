import type { Message, Position } from "#server/brokers/broker.ts"

/** Added to every message that is replayed: by which replay, and which dead letter it was. */
export const REPLAY_HEADER = "signalbox-replay"

/** `0192f0c4-… orders.payment.DLT/3/42` */
export function replayHeader(job: string, letter: Position): { key: string; value: Buffer } {
  const value = `${job} ${letter.destination}/${letter.partition}/${letter.offset}`
  return { key: REPLAY_HEADER, value: Buffer.from(value) }
}

/** The replay that sent this message last; null: it was never replayed. */
export function replayOf(message: Message): string | null {
  const header = message.headers.findLast((one) => one.key === REPLAY_HEADER)
  return /^[\w-]{1,64}(?= )/.exec(header?.value?.toString("utf8") ?? "")?.[0] ?? null
}
