import { gzipSync, zstdCompressSync } from "node:zlib"
import { compressionsAlgorithms } from "@platformatic/kafka"
import { expect, it } from "vitest"
import { openBatchNow, splitBatches, takeFrom } from "#server/brokers/kafka/record-batch.ts"
import { isDomainError } from "#server/errors.ts"
import { forEachMutation, INPUTS, LONG } from "./mutate.ts"

const RECORDS_AT = 61

/** Three records with a key, a value and a header each. */
const RECORDS = Buffer.concat(
  [0, 1, 2].map((i) =>
    Buffer.from([0x22, 0, i * 2, i * 2, 4, 0x6b, 0x31, 6, 0x61, 0x62, 0x63, 2, 2, 0x68, 2, 0x76, 0, 0]),
  ),
)

/** `codec` as in the attributes of a batch; `count`: how many records it says to have. */
function batch([codec, pack]: Codec, raw: Buffer = RECORDS, count = 3): Buffer {
  const records = pack(raw)
  const head = Buffer.alloc(RECORDS_AT)
  head.writeBigInt64BE(1000n, 0)
  head.writeInt32BE(RECORDS_AT - 12 + records.length, 8)
  head.writeInt8(2, 16)
  head.writeInt16BE(codec, 21)
  head.writeInt32BE(count - 1, 23)
  head.writeBigInt64BE(1_700_000_000_000n, 27)
  head.writeBigInt64BE(1_700_000_000_000n, 35)
  head.writeInt32BE(count, 57)
  return Buffer.concat([head, records])
}

type Codec = readonly [codec: number, pack: (records: Buffer) => Buffer]

const CODECS: Record<"uncompressed" | "gzip" | "snappy" | "lz4" | "zstd", Codec> = {
  uncompressed: [0, (records) => records],
  gzip: [1, (records) => gzipSync(records)],
  snappy: [2, (records) => compressionsAlgorithms.snappy.compressSync(records)],
  lz4: [3, (records) => compressionsAlgorithms.lz4.compressSync(records)],
  zstd: [4, (records) => zstdCompressSync(records)],
}

it.each([
  ["uncompressed", INPUTS],
  ["gzip", INPUTS],
  ["zstd", INPUTS],
  ["snappy", INPUTS],
  ["lz4", INPUTS],
] as const)("mutated batches, %s, are read or refused in a sentence", { timeout: LONG }, (name, count) => {
  const whole = batch(CODECS[name])
  expectWhole(whole)
  forEachMutation(`batch ${name}`, { seeds: [whole, Buffer.concat([whole, whole])], count }, readOrRefuse)
  expectWhole(whole)
})

it.each(["snappy", "lz4"] as const)("so are mutated records within %s", { timeout: LONG }, (name) => {
  forEachMutation(`records ${name}`, { seeds: [RECORDS] }, (records) => {
    readOrRefuse(batch(CODECS[name], records))
  })
})

/** Unsigned, as the zigzag of a number that is not negative is twice that number. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value * 2
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return Buffer.from([...bytes, left])
}

/** A record without key and value, with so many empty headers. */
function record(delta: number, headers = 0): Buffer {
  const body = [Buffer.from([0, 0]), varint(delta), Buffer.from([1, 1]), varint(headers)]
  const whole = Buffer.concat([...body, Buffer.alloc(headers * 2, Buffer.from([0, 1]))])
  return Buffer.concat([varint(whole.length), whole])
}

it("a batch of 300,000 messages is taken in parts", () => {
  const count = 300_000
  const raw = Buffer.concat(Array.from({ length: count }, (_, i) => record(i)))
  const [one] = splitBatches(batch(CODECS.gzip, raw, count), { aborted: [], pending: false })
  if (!one) throw new Error("There is no batch.")
  const open = openBatchNow(one)
  const first = takeFrom(open, { from: 0n, to: null, bytes: 1 << 20 })
  expect(first.messages.length).toBeLessThan(10_000)
  expect(first.rest).toBe(1000n + BigInt(first.messages.length))
  const last = takeFrom(open, { from: BigInt(1000 + count - 2), to: null, bytes: 1 << 20 })
  expect(last.messages.map(({ offset }) => offset)).toEqual([BigInt(998 + count), BigInt(999 + count)])
  expect(last.rest).toBeNull()
})

it("a message with millions of headers is named, and its neighbours are read", () => {
  const raw = Buffer.concat([record(0), record(1, 5_000_000), record(2, 10_000)])
  const [one] = splitBatches(batch(CODECS.zstd, raw), { aborted: [], pending: false })
  if (!one) throw new Error("There is no batch.")
  const { messages, problem } = takeFrom(openBatchNow(one), { from: 0n, to: null, bytes: 64 << 20 })
  expect(messages.map(({ offset, headers }) => [offset, headers.length])).toEqual([
    [1000n, 0],
    [1002n, 10_000],
  ])
  expect(problem?.message).toBe(
    "The message at offset 1001 has more than 10,000 headers: Signalbox does not read it.",
  )
})

function readOrRefuse(bytes: Buffer): void {
  try {
    readAll(bytes)
  } catch (error) {
    if (!isDomainError(error)) throw error
  }
}

function expectWhole(bytes: Buffer): void {
  expect(readAll(bytes).map(({ offset }) => offset)).toEqual([1000n, 1001n, 1002n])
}

function readAll(bytes: Buffer) {
  return splitBatches(bytes, { aborted: [], pending: false }).flatMap((one) => {
    const { messages, problem } = takeFrom(openBatchNow(one), { from: 0n, to: null, bytes: 64 << 20 })
    if (problem) throw problem
    return messages
  })
}
