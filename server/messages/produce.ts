import { z } from "zod"
import { acting } from "#server/access/index.ts"
import type { NewMessage } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { partitionIndex, position } from "#server/inputs.ts"
import { place } from "./lens.ts"

const DEADLINE_MS = 30_000

/** Text, or bytes as base64; null: none at all. */
const content = z
  .union([z.string(), z.strictObject({ base64: z.base64() })])
  .nullable()
  .default(null)

/** One message, as a line of a JSON Lines file has it too. */
export const newMessage = z.strictObject({
  key: content,
  value: content,
  headers: z
    .array(z.strictObject({ name: z.string().min(1).max(1000), value: content }))
    .max(1000)
    .default([]),
  partition: partitionIndex.nullable().default(null),
  /** ms since the epoch; null: now. */
  timestamp: z.number().int().min(0).nullable().default(null),
})

export const produceInput = z.object({
  ...place,
  messages: z.array(newMessage).min(1).max(10_000),
  /** Where an edited message came from; it goes into the audit log. */
  resent: position.nullable().default(null),
})

interface Produced {
  positions: { partition: number; offset: string }[]
}

/** Sends messages. The audit log keeps how many went where, never what they say; its entry begins before they are sent. */
export async function produce(ctx: Context, input: z.output<typeof produceInput>): Promise<Produced> {
  const { cluster, destination, messages, resent } = input
  const { producer } = await openBroker(ctx, cluster)
  if (!producer) throw new DomainError("unsupported", "Signalbox cannot send messages to this system.")
  const act = { action: "message.produce", target: `${cluster}/${destination}`, cluster }
  const after = { messages: messages.length, resent }
  const told = ({ positions }: Produced) => ({ after: { ...after, first: positions[0] ?? null } })
  return acting(ctx, { ...act, after, told }, async () => {
    const sent = await producer.send(
      messages.map((message) => toMessage(destination, message)),
      AbortSignal.timeout(DEADLINE_MS),
    )
    return { positions: sent.map(({ partition, offset }) => ({ partition, offset: String(offset) })) }
  })
}

function toMessage(destination: string, message: z.output<typeof newMessage>): NewMessage {
  const { key, value, headers, partition, timestamp } = message
  return {
    destination,
    partition,
    timestamp,
    key: toBytes(key),
    value: toBytes(value),
    headers: headers.map((header) => ({ key: header.name, value: toBytes(header.value) })),
  }
}

function toBytes(given: z.output<typeof content>): Buffer | null {
  if (given === null) return null
  return typeof given === "string" ? Buffer.from(given, "utf8") : Buffer.from(given.base64, "base64")
}
