import { z } from "zod"
import type { Broker, Problem } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { messageOf } from "#server/errors.ts"
import { partitionIndex, position } from "#server/inputs.ts"
import { readBounds } from "./bounds.ts"
import { formatsInput, openLens, place } from "./lens.ts"
import { mergeNewest, mergeOldest } from "./merge.ts"
import { pooled } from "./pool.ts"
import { type Piece, readForward, readNewest } from "./read-piece.ts"
import type { ShownMessage } from "./shown.ts"
import { resolveStart, startInput } from "./start.ts"

/** Partitions read at a time, and how long one page may take, in ms. */
const AT_A_TIME = 8
const DEADLINE_MS = 15_000

export const browseInput = z.object({
  ...place,
  start: startInput,
  /** Empty: all of them. */
  partitions: z.array(partitionIndex).max(1000).default([]),
  limit: z.number().int().min(1).max(200).default(50),
  /** Where the page before ended, as it told. */
  cursor: z.array(position).max(10_000).nullish(),
  formats: formatsInput.default({}),
})

type Browse = z.output<typeof browseInput>

/**
 * One page of messages over the chosen partitions in the order of their time: newest first when reading begins at the
 * newest, else oldest first. Partitions that could not be read are named; `next` is null when there is no more.
 */
export async function browse(ctx: Context, input: Browse, signal: AbortSignal) {
  const opened = await openLens(ctx, input, input.formats)
  const { lens, masking } = opened
  const ends = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
  const page =
    input.start.at === "newest"
      ? await newest(opened.broker, { input, lens }, ends)
      : await forward(opened.broker, { input, lens }, ends)
  return { ...page, masking, formats: { key: lens.key, value: lens.value } }
}

interface Ask {
  input: Browse
  lens: Awaited<ReturnType<typeof openLens>>["lens"]
}

interface Page {
  rows: ShownMessage[]
  next: { partition: number; offset: string }[] | null
  problems: Problem[]
}

async function newest(broker: Broker, { input, lens }: Ask, signal: AbortSignal): Promise<Page> {
  const { bounds, problems } = await readBounds(broker, input, signal)
  // A partition that the cursor does not name was read to its start by the pages before.
  const before = input.cursor && new Map(input.cursor.map((one) => [one.partition, BigInt(one.offset)]))
  const asked = bounds
    .map((bound) => ({ ...bound, end: before ? (before.get(bound.partition) ?? bound.start) : bound.end }))
    .filter((bound) => bound.end > bound.start)
  const { limit, destination } = input
  const pieces = await pooled(asked, AT_A_TIME, (bound) =>
    attempt({ destination, partition: bound.partition }, problems, () =>
      readNewest(broker, { ...bound, destination, limit, lens }, signal),
    ),
  )
  const { rows, left } = mergeNewest(pieces, limit)
  return { rows, problems, next: left.length > 0 ? left : null }
}

async function forward(broker: Broker, { input, lens }: Ask, signal: AbortSignal): Promise<Page> {
  const { bounds, problems } = await readBounds(broker, input, signal)
  const { limit, destination, start } = input
  const from = new Map(input.cursor?.map((one) => [one.partition, BigInt(one.offset)]))
  const resolved = input.cursor
    ? {
        begins: bounds.flatMap((bound) => {
          const at = from.get(bound.partition)
          return at === undefined ? [] : [{ partition: bound.partition, from: at, end: bound.end }]
        }),
        problems: [],
      }
    : await resolveStart(broker, { destination, bounds, start }, signal)
  problems.push(...resolved.problems)
  const asked = resolved.begins.filter((begin) => begin.end > begin.from)
  const pieces = await pooled(asked, AT_A_TIME, (begin) =>
    attempt({ destination, partition: begin.partition }, problems, () =>
      readForward(broker, { ...begin, destination, limit, lens }, signal),
    ),
  )
  const { rows, left } = mergeOldest(pieces, limit)
  return { rows, problems, next: left.length > 0 ? left : null }
}

/** A partition that cannot be read is named, and does not take the others with it. */
async function attempt(
  at: { destination: string; partition: number },
  problems: Problem[],
  work: () => Promise<Piece>,
): Promise<Piece> {
  const name = (why: string) => {
    const message = `Partition ${at.partition}: ${why}`
    problems.push({ part: { kind: "destination", ...at }, code: "unread", message })
  }
  try {
    const piece = await work()
    for (const why of piece.unread) name(why)
    return piece
  } catch (error) {
    name(messageOf(error))
    return { partition: at.partition, rows: [], rest: null, unread: [] }
  }
}
