import { isUtf8 } from "node:buffer"
import { z } from "zod"
import type { Message } from "#server/brokers/broker.ts"
import { freeLarge } from "#server/brokers/own-message.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { position } from "#server/inputs.ts"
import { findSchema } from "./decode/find-schema.ts"
import { type Fit, unchecked } from "./decode/fit-check.ts"
import type { PartName } from "./decode/wire.ts"
import { decoders } from "./decode/workers.ts"
import { formatsInput, type Opened, openLens, place } from "./lens.ts"
import { hidesAny } from "./masking/mask.ts"
import {
  type Found,
  IN_DETAIL,
  type Lens,
  rawPart,
  type ShownMessage,
  type ShownPart,
  showMessages,
  sizeOf,
} from "./shown.ts"

const DEADLINE_MS = 15_000

export const at = {
  ...place,
  ...position.shape,
}

export const getMessageInput = z.object({ ...at, formats: formatsInput.default({}) })

/** Text, or bytes as base64; null: none at all. The form of `produce`. */
export type Content = string | { base64: string } | null

export interface MessageDetail extends ShownMessage {
  raw: { key: string | null; value: string | null }
  /** As it can be sent again; null: it is masked for the reader, or too large to be edited. */
  source: { key: Content; value: Content; headers: { name: string; value: Content }[] } | null
  masking: Opened["masking"]
  /** Whether what has a JSON Schema fits it; null: it has none. */
  fit: { key: Fit | null; value: Fit | null }
}

/** One message in full, up to a megabyte of its value; the whole can be downloaded. Rejects with `not_found`. */
export async function getMessage(
  ctx: Context,
  input: z.output<typeof getMessageInput>,
  signal: AbortSignal,
): Promise<MessageDetail> {
  const opened = await openLens(ctx, input, input.formats)
  for await (const message of holdOne(opened, input, signal))
    return await detailOf({ partition: input.partition, message }, opened)
  throw notFound(input)
}

async function detailOf(
  { partition, message }: Found,
  { lens, masking }: Pick<Opened, "lens" | "masking">,
): Promise<MessageDetail> {
  const [shown] = await showMessages([{ partition, message }], lens, IN_DETAIL)
  if (!shown) throw new DomainError("not_found", "The message was not shown.")
  const mask = lens.mask.of(message)
  const raw = { key: rawPart(message.key, "key", mask), value: rawPart(message.value, "value", mask) }
  const hidden = hidesAny(mask)
  const source = hidden || sizeOf(message) > IN_DETAIL.bytes ? null : sourceOf(message)
  const [key, value] = await Promise.all([
    fitOf(shown.key, { part: "key", message }, lens),
    fitOf(shown.value, { part: "value", message }, lens),
  ])
  return { ...shown, raw, source, masking, fit: { key, value } }
}

/** Words about what does not fit quote the value: they are not for those from whom part of it is hidden. */
async function fitOf(
  shown: ShownPart,
  { part, message }: { part: PartName; message: Message },
  lens: Lens,
): Promise<Fit | null> {
  const bytes = message[part]
  if (shown.format !== "json-schema" || shown.cut || !bytes) return null
  if (shown.masked)
    return { fits: null, why: "Parts of it are masked: it is not checked against its schema." }
  const found = await findSchema({ bytes, part, headers: message.headers }, lens[part], lens.registry)
  if (!found?.schema) return null
  const value = bytes.subarray(found.ref.payloadAt).toString("utf8")
  const [outcome] = await decoders().run([{ kind: "fit", schema: found.schema, value }])
  return outcome?.result ?? unchecked("it takes too long, or too much memory")
}

/** A message in the form in which `produce` takes it. */
export function sourceOf(message: Message) {
  return {
    key: contentOf(message.key),
    value: contentOf(message.value),
    headers: message.headers.map(({ key, value }) => ({ name: key, value: contentOf(value) })),
  }
}

/** Text where the bytes are UTF-8, else base64. */
export function contentOf(bytes: Buffer | null): Content {
  if (bytes === null) return null
  return isUtf8(bytes) ? bytes.toString("utf8") : { base64: bytes.toString("base64") }
}

/** The message at an offset, control records among them. Rejects with `not_found` when it does not exist. */
export async function readOne(
  opened: Pick<Opened, "messages">,
  place: Place,
  signal: AbortSignal,
): Promise<Message> {
  for await (const message of scanOne(opened, place, signal)) return message
  throw notFound(place)
}

interface Place {
  destination: string
  partition: number
  offset: string
}

/**
 * The same, for as long as the loop over it goes on: only so long its bytes are there, counted among those that all readers
 * hold, and the next large message waits.
 */
export async function* holdOne(
  opened: Pick<Opened, "messages">,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  for await (const message of scanOne(opened, place, signal)) {
    try {
      yield message
    } finally {
      freeLarge(message)
    }
  }
}

async function* scanOne(
  { messages }: Pick<Opened, "messages">,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const { destination, partition, offset } = place
  const from = BigInt(offset)
  const ends = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
  for await (const batch of messages.scan({ destination, partition, from, to: from + 1n }, ends)) {
    const [message] = batch.messages
    if (!message) continue
    yield message
    return
  }
  throw notFound(place)
}

function notFound({ partition, offset }: Pick<Place, "partition" | "offset">): DomainError {
  const what = `Offset ${offset} of partition ${partition}`
  return new DomainError(
    "not_found",
    `${what} has no message: it was deleted, compacted, or not written yet.`,
  )
}
