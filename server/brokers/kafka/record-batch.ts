import { DomainError } from "#server/errors.ts"
import type { Message } from "../broker.ts"
import { type AbortedTransaction, abortedAmong, CONTROL } from "./transactions.ts"
import { unpack } from "./unpack.ts"

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

/**
 * The messages of a batch with `from <= offset < to`. Keys, values and headers are views of the unpacked batch: who
 * keeps one of them for long copies it, or keeps all of the batch.
 */
export function decodeBatch(batch: RawBatch, from: bigint, to: bigint | null): Message[] {
  const { bytes, first } = batch
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT)
  const cursor = new Cursor(unpack(bytes.subarray(RECORDS_AT), attributes & CODEC))
  const appended = (attributes & APPEND_TIME) !== 0
  const frame: Frame = {
    first,
    base: Number(bytes.readBigInt64BE(appended ? 35 : 27)),
    appended,
    control: (attributes & CONTROL) !== 0,
    withheld: batch.withheld,
  }
  const whole = first >= from && (to === null || batch.next <= to)
  const messages: Message[] = []
  for (let left = bytes.readInt32BE(57); left > 0; left--) {
    const message = readRecord(cursor, frame)
    if (to !== null && message.offset >= to) break
    if (whole || message.offset >= from) messages.push(message)
  }
  return messages
}

interface Frame {
  first: bigint
  base: number
  appended: boolean
  control: boolean
  withheld: Message["withheld"]
}

function readRecord(cursor: Cursor, frame: Frame): Message {
  const end = cursor.varint() + cursor.at
  cursor.at += 1
  const delta = cursor.varint()
  const timestamp = frame.appended ? frame.base : frame.base + delta
  const offset = frame.first + BigInt(cursor.varint())
  const key = cursor.field()
  const value = cursor.field()
  const headers: Message["headers"] = []
  for (let left = cursor.varint(); left > 0; left--) {
    const name = cursor.field()
    headers.push({ key: name?.toString("utf8") ?? "", value: cursor.field() })
  }
  cursor.at = end
  return {
    offset,
    timestamp: timestamp < 0 ? null : timestamp,
    timestampType: timestamp < 0 ? null : frame.appended ? "append" : "create",
    key,
    value,
    headers,
    control: frame.control ? (key?.readInt16BE(2) === 0 ? "abort" : "commit") : null,
    withheld: frame.control ? null : frame.withheld,
  }
}

/** Reads the zigzag variable-length integers of Protocol Buffers. Plain numbers: exact up to 2^53. */
class Cursor {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  varint(): number {
    const bytes = this.#bytes
    let byte = bytes[this.at++] ?? 0
    let raw = byte & 0x7f
    for (let scale = 128; byte >= 0x80; scale *= 128) {
      if (this.at >= bytes.length)
        throw new DomainError("unsupported", "A batch ends in the middle of a record.")
      byte = bytes[this.at++] ?? 0
      raw += (byte & 0x7f) * scale
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  /** Bytes with their length before them; a negative length is null. */
  field(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    const from = this.at
    this.at += length
    return this.#bytes.subarray(from, this.at)
  }
}
