import { z } from "zod"
import { audit } from "#server/access/index.ts"
import { freeLarge } from "#server/brokers/own-message.ts"
import { budgetOf } from "#server/budget.ts"
import type { Context } from "#server/context.ts"
import { csvLine, csvLongCell } from "#server/csv.ts"
import { DomainError } from "#server/errors.ts"
import { partitionIndex, position, text } from "#server/inputs.ts"
import { isoOrRaw } from "#server/moment.ts"
import { readBounds } from "./bounds.ts"
import { holdOne } from "./get-message.ts"
import { type InFile, toFile } from "./in-file.ts"
import { type FileContent, isLarge, type LargeContent, piecesOf } from "./large-content.ts"
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
const lines = () => budgetOf("lines", 96 << 20, 10_000)
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
      if (head !== "") yield head
      head = ""
      // A line is one piece, unless it is too long for that.
      if (isLarge(message.key) || isLarge(message.value)) yield* line(message)
      else yield [...line(message)].join("")
    }
  }
  if (head !== "") yield head
}

/** What is sent at a time of a value (bytes). */
const SENT = 256 << 10

/** The whole value of one message as its bytes are, in pieces; where a rule holds, what it leaves of them as text. */
export async function* exportValue(
  ctx: Context,
  input: z.output<z.ZodObject<typeof place>> & { partition: number; offset: string },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const opened = await openLens(ctx, input)
  const { partition, offset } = input
  await auditExport(ctx, input, { format: "bytes", of: { kind: "one", partition, offset } })
  for await (const message of holdOne(opened, input, signal)) {
    const bytes = await bytesOf({ partition, message }, opened)
    // In copies: the value is freed before the last piece has left.
    for (let sent = 0; sent < bytes.length; sent += SENT) yield Buffer.from(bytes.subarray(sent, sent + SENT))
  }
}

async function bytesOf({ partition, message }: Found, { lens }: Opened): Promise<Buffer> {
  if (!lens.mask.of(message).holds("value")) return message.value ?? Buffer.alloc(0)
  const [shown] = await toFile([{ partition, message }], lens)
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
      for await (const message of holdOne(opened, { ...input, ...of }, signal))
        yield { partition: of.partition, message }
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
      for (const message of batch.messages.slice(0, left)) {
        if (!message.control) yield { partition, message }
        // A large one is in the file as soon as it was taken (inBatches).
        freeLarge(message)
      }
      left -= batch.messages.length
      if (left <= 0) break
    }
  }
}

/** A line can be sent again as it is: of a message that is binary, what it says stands beside its bytes. */
function* jsonLine({ key, value, headers, decoded, message, partition }: InFile): Generator<string> {
  const { offset, timestamp } = message
  // Whatever its size: the digits themselves, since a number of JSON may have any.
  yield `{"partition":${partition},"offset":"${offset}","timestamp":${timestamp},"key":`
  yield* jsonOf(key)
  yield ',"value":'
  yield* jsonOf(value)
  yield `,"headers":${JSON.stringify(headers)}`
  const said = (["key", "value"] as const).flatMap((part) => {
    const one = decoded[part]
    // Its JSON as it was printed: JavaScript would not keep all digits.
    return one
      ? `"${part}":{"format":"${one.format}","schema":${JSON.stringify(one.schema)},"content":${one.json}}`
      : []
  })
  yield said.length === 0 ? "}\n" : `,"decoded":{${said.join(",")}}}\n`
}

function* jsonOf(content: FileContent): Generator<string> {
  if (!isLarge(content)) return yield JSON.stringify(content)
  yield content.isText ? '"' : '{"base64":"'
  for (const piece of piecesOf(content)) yield content.isText ? JSON.stringify(piece).slice(1, -1) : piece
  yield content.isText ? '"' : '"}'
}

function* toCsv({ key, value, headers, decoded, message, partition }: InFile): Generator<string> {
  const at = message.timestamp === null ? "" : isoOrRaw(message.timestamp)
  yield cellsOf(String(partition), String(message.offset), at)
  yield* csvOf(key, decoded.key)
  yield* csvOf(value, decoded.value)
  yield `,${csvLine([JSON.stringify(headers)])}`
}

/** Cells of a line, without its end. */
function cellsOf(...cells: string[]): string {
  return csvLine(cells).slice(0, -"\r\n".length)
}

function* csvOf(content: FileContent, decoded: InFile["decoded"]["key"]): Generator<string> {
  yield ","
  if (decoded) yield cellsOf(decoded.json)
  else if (isLarge(content)) yield* csvLongCell(longCell(content))
  else
    yield cellsOf(
      content === null || typeof content === "string" ? (content ?? "") : `base64:${content.base64}`,
    )
}

function* longCell(content: LargeContent): Generator<string> {
  if (!content.isText) yield "base64:"
  yield* piecesOf(content)
}
