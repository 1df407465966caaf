import { DomainError, isDomainError, messageOf } from "#server/errors.ts"
import type { Message } from "../broker.ts"
import { type AbortedTransaction, abortedAmong, CONTROL } from "./transactions.ts"
import { unpack } from "./unpack.ts"
import { unpackRecords } from "./unpack-apart.ts"

/*
  Records => [RecordBatch]                                     (message format 2, Kafka 0.11 and later)
  RecordBatch => baseOffset:int64 batchLength:int32 partitionLeaderEpoch:int32 magic:int8 crc:uint32 attributes:int16
                 lastOffsetDelta:int32 baseTimestamp:int64 maxTimestamp:int64 producerId:int64 producerEpoch:int16
                 baseSequence:int32 count:int32 [Record]
    attributes: bits 0-2 codec, 3 append time, 4 transactional, 5 control
  Record => length:varint attributes:int8 timestampDelta:varlong offsetDelta:varint keyLength:varint key
            valueLength:varint value headers:varint [keyLength:varint key valueLength:varint value]
  A control record's key => version:int16 type:int16 (0 abort, 1 commit)
*/
const HEAD = 12
const MAGIC_AT = 16
const ATTRIBUTES_AT = 21
const PRODUCER_AT = 43
const RECORDS_AT = 61
const CODEC = 0b111
const APPEND_TIME = 1 << 3

/** One batch as it lies in the log, not yet unpacked. */
export interface RawBatch {
  bytes: Buffer
  /** Offset of its first record, and of the one after its last, also where compaction took records out. */
  first: bigint
  next: bigint
  withheld: Message["withheld"]
}

/** What Fetch tells of transactions beside the records. */
export interface Transactions {
  aborted: readonly AbortedTransaction[]
  pending: boolean
}

/** Splits an answer to Fetch into its batches. The last one may be cut off: it comes whole with the next answer. */
export function splitBatches(records: Buffer, { aborted, pending }: Transactions): RawBatch[] {
  const batches: RawBatch[] = []
  const isAborted = abortedAmong(aborted)
  for (let at = 0; at + RECORDS_AT <= records.length; ) {
    const size = HEAD + records.readInt32BE(at + 8)
    if (size < RECORDS_AT) throw broken(records.readBigInt64BE(at), "its size is invalid")
    if (at + size > records.length) break
    const first = records.readBigInt64BE(at)
    if (records.readInt8(at + MAGIC_AT) !== 2) {
      const what = `The messages at offset ${first} are in the format of Kafka 0.10 or older`
      throw new DomainError("unsupported", `${what}, which Signalbox does not read.`)
    }
    const next = first + BigInt(records.readInt32BE(at + 23)) + 1n
    const head = {
      next,
      attributes: records.readInt16BE(at + ATTRIBUTES_AT),
      producerId: records.readBigInt64BE(at + PRODUCER_AT),
    }
    const withheld = pending ? "pending" : isAborted(head) ? "aborted" : null
    batches.push({ bytes: records.subarray(at, at + size), first, next, withheld })
    at += size
  }
  return batches
}

/** True of a batch without messages: a mark of the broker, or what compaction left of a batch. */
export function isEmptyBatch({ bytes }: RawBatch): boolean {
  return (bytes.readInt16BE(ATTRIBUTES_AT) & CONTROL) !== 0 || bytes.readInt32BE(57) === 0
}

/** A batch whose records are decompressed; `lent`: they are gone when it is disposed. */
export type OpenBatch = RawBatch & Disposable & { records: Buffer; lent: boolean }

/** Decompresses a batch, apart where it is large; to be disposed soon, as others may wait. Rejects with a DomainError. */
export async function openBatch(batch: RawBatch): Promise<OpenBatch> {
  try {
    const records = await unpackRecords(batch.bytes.subarray(RECORDS_AT), codecOf(batch))
    return {
      ...batch,
      records: records.bytes,
      lent: records.lent,
      [Symbol.dispose]: () => records[Symbol.dispose](),
    }
  } catch (error) {
    throw unread(batch, error)
  }
}

/** The same here and now, for whoever has no need of anything else meanwhile. Throws a DomainError. */
export function openBatchNow(batch: RawBatch): RawBatch & { records: Buffer } {
  try {
    return { ...batch, records: unpack(batch.bytes.subarray(RECORDS_AT), codecOf(batch)) }
  } catch (error) {
    throw unread(batch, error)
  }
}

function codecOf({ bytes }: RawBatch): number {
  return bytes.readInt16BE(ATTRIBUTES_AT) & CODEC
}

function unread({ first, next }: RawBatch, error: unknown): DomainError {
  if (!isDomainError(error)) return broken(first, `it cannot be decompressed (${messageOf(error)})`, error)
  const which =
    next - first === 1n ? `The message at offset ${first}` : `Messages from offset ${first} to ${next - 1n}`
  return new DomainError("unsupported", `${which} cannot be read, as one batch. ${error.message}`, {
    cause: error,
  })
}

/** Which messages of a batch are wanted: `from <= offset < to`, and at most so many bytes of them, but always one. */
export interface Part {
  from: bigint
  to: bigint | null
  bytes: number
}

export interface Taken {
  messages: Message[]
  /** Bytes that they take, with what a message takes beside its own. */
  bytes: number
  /** The offset at which the next part begins; null: there is none. */
  rest: bigint | null
  /** Why a message among them could not be read; null: all were. */
  problem: DomainError | null
}

/** Bytes of memory that a message, and each of its headers, takes beside its own: a batch of 64 MB may have nine million. */
const BESIDE = 200

/**
 * Messages of a batch, in order. Keys, values and headers are views of the unpacked batch: who keeps one of them for long
 * copies it, or keeps all of the batch. A message that has too many headers is left out, and named.
 */
export function takeFrom(batch: RawBatch & { records: Buffer }, { from, to, bytes: most }: Part): Taken {
  const frame = frameOf(batch)
  const cursor = new Cursor(batch.records, batch.first)
  const taken: Taken = { messages: [], bytes: 0, rest: null, problem: null }
  for (let left = batch.bytes.readInt32BE(57); left > 0; left--) {
    const head = readHead(cursor, frame)
    if (to !== null && head.offset >= to) break
    if (head.offset < from) {
      cursor.skipTo(head.end)
      continue
    }
    try {
      const message = readRecord(cursor, frame, head)
      const bytes = sizeOf(message)
      if (taken.messages.length > 0 && taken.bytes + bytes > most) return { ...taken, rest: head.offset }
      taken.messages.push(message)
      taken.bytes += bytes
    } catch (error) {
      if (!(error instanceof TooManyHeaders)) throw error
      taken.problem ??= error
    }
  }
  return taken
}

function sizeOf({ key, value, headers }: Message): number {
  let bytes = BESIDE + (key?.length ?? 0) + (value?.length ?? 0)
  for (const header of headers) bytes += BESIDE + header.key.length + (header.value?.length ?? 0)
  return bytes
}

function frameOf({ bytes, first, withheld }: RawBatch): Frame {
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT)
  const appended = (attributes & APPEND_TIME) !== 0
  const base = bytes.readBigInt64BE(appended ? 35 : 27)
  return { first, base, appended, control: (attributes & CONTROL) !== 0, withheld }
}

/** More headers than any producer writes: a batch of 64 kB may unpack to thirty million. */
const MAX_HEADERS = 10_000

class TooManyHeaders extends DomainError {
  constructor(offset: bigint) {
    const limit = MAX_HEADERS.toLocaleString("en")
    super(
      "unsupported",
      `The message at offset ${offset} has more than ${limit} headers: Signalbox does not read it.`,
    )
  }
}

/** No correct producer writes such a batch, and no broker should accept it. */
function broken(first: bigint, why: string, cause?: unknown): DomainError {
  return new DomainError("unsupported", `The batch at offset ${first} is damaged: ${why}.`, { cause })
}

interface Frame {
  first: bigint
  base: bigint
  appended: boolean
  control: boolean
  withheld: Message["withheld"]
}

interface RecordHead {
  offset: bigint
  timestamp: bigint
  /** Where the record ends. */
  end: number
}

function readHead(cursor: Cursor, { first, base, appended }: Frame): RecordHead {
  const size = cursor.varint()
  const end = cursor.at + size
  cursor.at += 1
  const delta = cursor.varlong()
  return { end, timestamp: appended ? base : base + delta, offset: first + BigInt(cursor.varint()) }
}

function readRecord(cursor: Cursor, frame: Frame, { offset, timestamp, end }: RecordHead): Message {
  const key = cursor.field()
  const value = cursor.field()
  const count = cursor.varint()
  if (count > MAX_HEADERS) {
    cursor.skipTo(end)
    throw new TooManyHeaders(offset)
  }
  const headers: Message["headers"] = []
  for (let left = count; left > 0; left--) {
    const name = cursor.field()
    headers.push({ key: name?.toString("utf8") ?? "", value: cursor.field() })
  }
  cursor.skipTo(end)
  return {
    offset,
    ...timeOf(timestamp, frame.appended),
    key,
    value,
    headers,
    control: frame.control ? (isAbort(key) ? "abort" : "commit") : null,
    withheld: frame.control ? null : frame.withheld,
  }
}

/** Kafka's RecordBatch.NO_TIMESTAMP. Other numbers below zero are moments before 1970. */
const NO_TIMESTAMP = -1n

/** The timestamp of a record as it stands there, in whatever unit its producer wrote it. */
function timeOf(written: bigint, appended: boolean): Pick<Message, "timestamp" | "timestampType"> {
  // The difference to the batch's first record wraps around, as Java's long does.
  const timestamp = BigInt.asIntN(64, written)
  if (timestamp === NO_TIMESTAMP) return { timestamp: null, timestampType: null }
  return { timestamp, timestampType: appended ? "append" : "create" }
}

function isAbort(key: Buffer | null): boolean {
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0
}

/** Bytes of a varint that a plain number holds to its last bit: seven bits each, 53 in all. */
const EXACT_BYTES = 7

/**
 * Reads the zigzag variable-length integers of Protocol Buffers. Plain numbers: exact up to 2^53. Throws a DomainError
 * where the batch has no more bytes, so that no count in it, however large, is followed for long.
 */
class Cursor {
  readonly #bytes: Buffer
  readonly #first: bigint
  at = 0

  constructor(bytes: Buffer, first: bigint) {
    this.#bytes = bytes
    this.#first = first
  }

  varint(): number {
    const bytes = this.#bytes
    let raw = 0
    let byte = 0x80
    for (let scale = 1; byte >= 0x80; scale *= 128) {
      if (this.at >= bytes.length) throw this.#ended()
      byte = bytes[this.at++] ?? 0
      raw += (byte & 0x7f) * scale
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  /** The same up to 64 bits: a record in nanoseconds may follow one in milliseconds. */
  varlong(): bigint {
    const from = this.at
    const number = this.varint()
    if (this.at - from <= EXACT_BYTES) return BigInt(number)
    let raw = 0n
    for (const [index, byte] of this.#bytes.subarray(from, this.at).entries())
      raw |= BigInt(byte & 0x7f) << BigInt(index * 7)
    const whole = BigInt.asUintN(64, raw)
    return BigInt.asIntN(64, (whole >> 1n) ^ -(whole & 1n))
  }

  /** Bytes with their length before them; a negative length is null. */
  field(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    const from = this.at
    this.skipTo(from + length)
    return this.#bytes.subarray(from, this.at)
  }

  /** Goes on, never back. */
  skipTo(at: number): void {
    if (at < this.at || at > this.#bytes.length) throw this.#ended()
    this.at = at
  }

  #ended(): DomainError {
    return broken(this.#first, "it ends in the middle of a record")
  }
}
