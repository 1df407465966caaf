import { isUtf8 } from "node:buffer"
import { z } from "zod"
import type { Broker, DeadLetterDialect, Message, Position } from "#server/brokers/broker.ts"
import { openBroker, slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { IN_DETAIL, lensUnder, type ShownPart, showMessages } from "#server/messages/index.ts"
import { type Hiding, hidingIn } from "../hidden-parts.ts"
import { readRules } from "../indexing/sources.ts"
import { dialectsFor, type FailureRule, readFacts } from "../rules.ts"
import type { LetterRow, LetterView, MessageView } from "../views.ts"
import { findLetter } from "./letters.ts"

export const readLetterInput = z.object({
  cluster: slug,
  letter: z.string().regex(/^\d{1,18}$/),
})

const DEADLINE_MS = 10_000

/** A dead letter as it lies in the broker now, beside the message it was made of, while that still exists. */
export async function readLetter(ctx: Context, input: z.output<typeof readLetterInput>): Promise<LetterView> {
  const row = await findLetter(ctx, input.cluster, input.letter)
  const broker = await openBroker(ctx, input.cluster)
  const found = await readRaw(ctx, { broker, cluster: input.cluster, row })
  const places = row.original ? [row.destination, row.original.destination] : [row.destination]
  const hiding = await hidingIn(ctx, input.cluster, places)
  const { facts, isOwn } = found
  const dead = found.dead && { message: found.dead, position: found.at, isOwn }
  const original = found.original && { ...found.original, isOwn: () => false }
  const shown = [dead, original].filter((one) => one !== null)
  const views = await toViews(shown, { hiding, broker })
  const viewOf = (one: Shown | null) => (one && views[shown.indexOf(one)]) ?? null
  return {
    row,
    dead: viewOf(dead),
    original: viewOf(original),
    missing: found.missing,
    masked: hiding.holds,
    exception: {
      type: hiding.named(facts?.exception.type ?? null),
      message: hiding.said(facts?.exception.message ?? null),
      stack: hiding.said(facts?.exception.stack ?? null),
    },
  }
}

export interface RawLetter {
  at: Position
  dead: Message | null
  original: { message: Message; position: Position } | null
  missing: string[]
  facts: ReturnType<typeof readFacts>["facts"] | null
  isOwn: (header: string) => boolean
  rules: FailureRule[]
  dialects: readonly DeadLetterDialect[]
}

/** The two messages as they are, for the server's own use only: nothing is masked. */
export async function readRaw(
  ctx: Context,
  of: { broker: Broker; cluster: string; row: LetterRow },
): Promise<RawLetter> {
  const { broker, row } = of
  const { messages, deadLetters } = broker
  if (!messages || !deadLetters)
    throw new DomainError("unsupported", "The messages of this cluster cannot be read.")
  const at = { destination: row.destination, partition: row.partition, offset: BigInt(row.offset) }
  const { original } = row
  const origin =
    original && original.partition !== null && original.offset !== null
      ? { destination: original.destination, partition: original.partition, offset: BigInt(original.offset) }
      : null
  const cluster = await ctx.store.prisma.cluster.findUnique({
    where: { slug: of.cluster },
    select: { id: true },
  })
  const rules = await readRules(ctx.store, cluster?.id ?? 0)
  const read = await messages.read(origin ? [at, origin] : [at], AbortSignal.timeout(DEADLINE_MS))
  const messageAt = (position: Position) => {
    const found = read.found.find((one) => one.position === position)?.message
    return found?.offset === position.offset ? found : null
  }
  const dead = messageAt(at)
  const live = origin ? messageAt(origin) : null
  const missing = read.problems.map((problem) => problem.message)
  if (!dead && missing.length === 0) missing.push("The broker has deleted this dead letter.")
  if (!origin) missing.push("The dead letter does not say at which offset its original lies.")
  else if (!live && read.problems.length === 0)
    missing.push(`The original was deleted: ${origin.destination} no longer has offset ${origin.offset}.`)
  const by = { rules, dialects: deadLetters.dialects }
  const known = dead ? dialectsFor(row.destination, by).filter((one) => one.read(row.destination, dead)) : []
  return {
    at,
    dead,
    original: live && origin ? { message: live, position: origin } : null,
    missing,
    facts: dead ? readFacts(row.destination, dead, by).facts : null,
    isOwn: (header) => known.some((dialect) => dialect.isOwnHeader(header)),
    rules,
    dialects: by.dialects,
  }
}

interface Shown {
  message: Message
  position: Position
  isOwn: (header: string) => boolean
}

/** Messages as whoever asks may see them, all of them at once. */
async function toViews(
  shown: readonly Shown[],
  by: { hiding: Hiding; broker: Broker },
): Promise<MessageView[]> {
  const { hiding } = by
  const messages = shown.map(({ message, position, isOwn }) => ({
    partition: position.partition,
    message: { ...message, headers: message.headers.map((one) => unquoted(one, { hiding, isOwn })) },
  }))
  const views = await showMessages(messages, lensUnder(hiding.mask, by.broker), IN_DETAIL)
  return views.flatMap(({ partition, offset, timestamp, key, value, headers }, at) => {
    const one = shown[at]
    if (!one) return []
    return {
      destination: one.position.destination,
      partition,
      offset,
      at: timestamp,
      key,
      value,
      headers: headers.map((header) => ({ ...header, own: one.isOwn(header.name) })),
      editable: { key: isEditable(key, one.message.key), value: isEditable(value, one.message.value) },
    }
  })
}

/** Headers of a dialect that hold the exception's words, in which a masked value may be quoted. */
const SAYS = /exception|throwable|cause|error|message|stack|reason/i

function unquoted(
  header: Message["headers"][number],
  { hiding, isOwn }: { hiding: Hiding; isOwn: Shown["isOwn"] },
): Message["headers"][number] {
  const { key, value } = header
  if (value === null || !hiding.holds || !isOwn(key) || !SAYS.test(key)) return header
  return { key, value: Buffer.from(hiding.said(value.toString("utf8")) ?? "") }
}

const TEXTUAL: readonly ShownPart["format"][] = ["json", "json-schema", "text", "xml"]

/** What is shown is what its bytes say, but for what is masked: a change of the one is a change of the other. */
export function isEditable(shown: ShownPart, bytes: Buffer | null): boolean {
  if (shown.kind !== "data" || bytes === null) return true
  // Control characters: something stands before the text.
  return !shown.cut && TEXTUAL.includes(shown.format) && isUtf8(bytes) && (bytes[0] ?? 0) >= 0x09
}
