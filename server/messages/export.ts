import { z } from "zod"
import { audit } from "#server/access/index.ts"
import { budgetOf } from "#server/budget.ts"
import type { Context } from "#server/context.ts"
import { csvLine } from "#server/csv.ts"
import { DomainError } from "#server/errors.ts"
import { partitionIndex, position, text } from "#server/inputs.ts"
import { isoOrRaw } from "#server/moment.ts"
import { readBounds } from "./bounds.ts"
import { type Content, readOne } from "./get-message.ts"
import { type InFile, toFile } from "./in-file.ts"
import { type Opened, openLens, place } from "./lens.ts"
import { maskFor } from "./masking/mask-for.ts"
import { readSeenJob, seenMatches } from "./search/seen.ts"
import { type Found, sizeOf } from "./shown.ts"
import { resolveStart, startInput } from "./start.ts"

const DEADLINE_MS = 15 * 60_000
/**
 * Bytes of all messages that are being written into files, and how many a byte becomes: its text, its line, and what goes
 * out of it are in memory together. A slow reader is not waited for.
 */
const lines = () => budgetOf("lines", 192 << 20, 10_000)
const PER_BYTE = 5
/** Messages that are read, and decoded, at a time; bytes of them after which no more are added. */
const PAGE = 200
const PAGE_BYTES = 1 << 20
/** Messages that are chosen one by one. */
const MAX_CHOSEN = 1000

/** Which messages go into a file: one, some, what a search found, or what lies in partitions from a start on. */
export const exportInput = z.object({
  ...place,
  format: z.enum(["jsonl", "csv"]).default("jsonl"),
  of: z.discriminatedUnion("kind", [
    position.extend({ kind: z.literal("one") }),
    z.object({ kind: z.literal("some"), positions: z.array(position).min(1).max(MAX_CHOSEN) }),
    z.object({ kind: z.literal("search"), id: text(40) }),
    z.object({
      kind: z.literal("range"),
      start: startInput,
      partitions: z.array(partitionIndex).default([]),
      /** Of each partition; from the newest on: its last ones. */
      limit: z.number().int().min(1).max(100_000).default(1000),
    }),
  ]),
})

type Export = z.output<typeof exportInput>

/**
 * The messages as the lines of a file, masked for whoever asks. A line of JSON Lines can be sent again as it is; CSV has
 * what was decoded of bytes that are no text, else base64. What is taken, but none of its text, is in the audit log before the first line.
 */
export async function* exportMessages(
  ctx: Context,
  input: Export,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const opened = await openLens(ctx, input)
  await auditExport(ctx, input, { format: input.format, of: { ...input.of } })
  const ends = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
  const line = input.format === "csv" ? toCsv : jsonLine
  // With the first line: who cannot have any gets an error, not the head of a file.
  let head = input.format === "csv" ? "partition,offset,timestamp,key,value,headers\r\n" : ""
  for await (const some of inBatches(messagesOf(ctx, { input, opened }, ends))) {
    // Rules and what one has unmasked may change while a long file is written.
    const { mask } = await maskFor(ctx, input.cluster, input.destination)
    using _ = await lines().take(PER_BYTE * some.reduce((sum, one) => sum + sizeOf(one.message), 0), ends)
    for (const message of await toFile(some, { ...opened.lens, mask })) {
      yield head + line(message)
      head = ""
    }
  }
  if (head !== "") yield head
}

/** The whole value of one message as its bytes are; where a rule holds, what it leaves of them as text. */
export async function exportValue(
  ctx: Context,
  input: z.output<z.ZodObject<typeof place>> & { partition: number; offset: string },
  signal: AbortSignal,
): Promise<Buffer> {
  const opened = await openLens(ctx, input)
  const { partition, offset } = input
  await auditExport(ctx, input, { format: "bytes", of: { kind: "one", partition, offset } })
  const message = await readOne(opened, input, signal)
  if (!opened.lens.mask.of(message).holds("value")) return message.value ?? Buffer.alloc(0)
  const [shown] = await toFile([{ partition, message }], opened.lens)
  const text = shown?.decoded.value?.json ?? shown?.value
  return Buffer.from(typeof text === "string" ? text : "")
}

async function* inBatches(messages: AsyncGenerator<Found>): AsyncGenerator<Found[]> {
  let some: Found[] = []
  let bytes = 0
  for await (const one of messages) {
    some.push(one)
    bytes += sizeOf(one.message)
    if (some.length < PAGE && bytes < PAGE_BYTES) continue
    yield some
    some = []
    bytes = 0
  }
  if (some.length > 0) yield some
}

/** Positions that an audit entry lists; of more, it has the number. */
const MAX_LISTED = 100

function auditExport(
  ctx: Context,
  { cluster, destination }: { cluster: string; destination: string },
  taken: { format: Export["format"] | "bytes"; of: Export["of"] },
): Promise<void> {
  const { format, of } = taken
  const listed =
    of.kind === "some" && of.positions.length > MAX_LISTED
      ? { kind: of.kind, count: of.positions.length }
      : of
  const target = `${cluster}/${destination}`
  const act = { action: "message.export", target, cluster, after: { format, of: listed } }
  return audit(ctx.store.prisma, ctx, { ...act, result: "ok" })
}

interface Ask {
  input: Export
  opened: Opened
}

async function* messagesOf(ctx: Context, { input, opened }: Ask, signal: AbortSignal): AsyncGenerator<Found> {
  const { of } = input
  switch (of.kind) {
    case "one":
      yield { partition: of.partition, message: await readOne(opened, { ...input, ...of }, signal) }
      return
    case "some":
      yield* ofPositions(
        of.positions.map((one) => ({ ...one, offset: BigInt(one.offset) })),
        { input, opened },
        signal,
      )
      return
    case "search":
      yield* ofSearch(ctx, { input, opened, id: of.id }, signal)
      return
    case "range":
      yield* ofRange({ input, opened, of }, signal)
  }
}

async function* ofSearch(
  ctx: Context,
  ask: Ask & { id: string },
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const { cluster, destination } = ask.input
  const job = await readSeenJob(ctx, { cluster, id: ask.id })
  if (job.destination !== destination) return
  const isSeen = seenMatches(job, ask.opened.lens.mask, ask.opened.broker)
  let last: { partition: number; offset: bigint } | null = null
  for (;;) {
    const found: { partition: number; offset: bigint }[] = await ctx.store.prisma.searchMatch.findMany({
      where: { jobId: job.id, ...(last ? after(last) : {}) },
      select: { partition: true, offset: true },
      orderBy: [{ partition: "asc" }, { offset: "asc" }],
      take: PAGE,
    })
    last = found.at(-1) ?? null
    if (!last) return
    for await (const one of ofPositions(found, ask, signal)) if (isSeen(one.message)) yield one
  }
}

/** By key: a page costs the same however many lie before it. */
function after({ partition, offset }: { partition: number; offset: bigint }) {
  return { OR: [{ partition: { gt: partition } }, { partition, offset: { gt: offset } }] }
}

/** In the order asked, page by page. What was deleted since it was seen is not in the file. */
async function* ofPositions(
  positions: readonly { partition: number; offset: bigint }[],
  { input: { destination }, opened }: Ask,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  for (let first = 0; first < positions.length; first += PAGE) {
    const page = positions.slice(first, first + PAGE).map((one) => ({ destination, ...one }))
    const { found, problems } = await opened.messages.read(page, signal)
    // A file that lacks what could not be read would pass for the whole.
    if (problems[0]) throw new DomainError("unreachable", problems[0].message)
    const byPlace = new Map(found.map((one) => [placeOf(one.position), one.message]))
    for (const at of page) {
      const message = byPlace.get(placeOf(at))
      if (message?.offset === at.offset && !message.control) yield { partition: at.partition, message }
    }
  }
}

function placeOf({ partition, offset }: { partition: number; offset: bigint }): string {
  return `${partition}/${offset}`
}

async function* ofRange(
  { input, opened, of }: Ask & { of: Extract<Export["of"], { kind: "range" }> },
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const { destination } = input
  const { bounds } = await readBounds(opened.broker, { destination, partitions: of.partitions }, signal)
  const { begins } = await resolveStart(opened.broker, { destination, bounds, start: of.start }, signal)
  const limit = BigInt(of.limit)
  for (const { partition, from, end } of begins) {
    const start = of.start.at === "newest" ? end - limit : from
    const range = { destination, partition, from: start < 0n ? 0n : start, to: end }
    let left = of.limit
    for await (const batch of opened.messages.scan(range, signal)) {
      for (const message of batch.messages.slice(0, left)) if (!message.control) yield { partition, message }
      left -= batch.messages.length
      if (left <= 0) break
    }
  }
}

/** A line can be sent again as it is: of a message that is binary, what it says stands beside its bytes. */
function jsonLine({ key, value, headers, decoded, message, partition }: InFile): string {
  const { offset, timestamp } = message
  // Whatever its size: the digits themselves, since a number of JSON may have any.
  const place = `"partition":${partition},"offset":"${offset}","timestamp":${timestamp}`
  const line = `{${place},${JSON.stringify({ key, value, headers }).slice(1)}`
  const said = (["key", "value"] as const).flatMap((part) => {
    const one = decoded[part]
    // Its JSON as it was printed: JavaScript would not keep all digits.
    return one
      ? `"${part}":{"format":"${one.format}","schema":${JSON.stringify(one.schema)},"content":${one.json}}`
      : []
  })
  return said.length === 0 ? `${line}\n` : `${line.slice(0, -1)},"decoded":{${said.join(",")}}}\n`
}

function toCsv({ key, value, headers, decoded, message, partition }: InFile): string {
  const at = message.timestamp === null ? "" : isoOrRaw(message.timestamp)
  const cells = [
    String(partition),
    String(message.offset),
    at,
    decoded.key?.json ?? cell(key),
    decoded.value?.json ?? cell(value),
    JSON.stringify(headers),
  ]
  return csvLine(cells)
}

function cell(content: Content): string {
  if (content === null) return ""
  return typeof content === "string" ? content : `base64:${content.base64}`
}
