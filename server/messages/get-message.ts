import { z } from "zod"
import type { Message } from "../brokers/broker.ts"
import type { Context } from "../context.ts"
import { DomainError } from "../errors.ts"
import { formatsInput, type Opened, openLens, place } from "./lens.ts"
import { IN_DETAIL, rawPart, type ShownMessage, showMessage } from "./shown.ts"

const DEADLINE = 15_000

export const at = {
  ...place,
  partition: z.number().int().min(0),
  offset: z.string().regex(/^\d{1,19}$/, "An offset is a number without sign."),
}

export const getMessageInput = z.object({ ...at, formats: formatsInput.default({}) })

export interface MessageDetail extends ShownMessage {
  raw: { key: string | null; value: string | null }
  masking: Opened["masking"]
}

/** One message in full, up to a megabyte of its value; the whole can be downloaded. Rejects with `not_found`. */
export async function getMessage(
  ctx: Context,
  input: z.output<typeof getMessageInput>,
  signal: AbortSignal,
): Promise<MessageDetail> {
  const opened = await openLens(ctx, input, input.formats)
  const message = await readOne(opened, input, signal)
  const { lens, masking } = opened
  const shown = await showMessage({ partition: input.partition, message }, lens, IN_DETAIL)
  const raw = {
    key: rawPart(message.key, "key", lens.mask),
    value: rawPart(message.value, "value", lens.mask),
  }
  return { ...shown, raw, masking }
}

/** The message at an offset, control records among them. Rejects with `not_found` when it is not there (any more). */
export async function readOne(
  { messages }: Pick<Opened, "messages">,
  { destination, partition, offset }: { destination: string; partition: number; offset: string },
  signal: AbortSignal,
): Promise<Message> {
  const from = BigInt(offset)
  const ends = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)])
  for await (const batch of messages.scan({ destination, partition, from, to: from + 1n }, ends)) {
    const [message] = batch.messages
    if (message) return message
  }
  const what = `Offset ${offset} of partition ${partition}`
  throw new DomainError(
    "not_found",
    `${what} has no message (any more): it was deleted, compacted, or is yet to come.`,
  )
}
