import { gzipSync, zstdCompressSync } from "node:zlib"
import { compressionsAlgorithms } from "@platformatic/kafka"
import { expect, it } from "vitest"
import { decodeBatch, openBatchNow, splitBatches } from "#server/brokers/kafka/record-batch.ts"
import { isDomainError } from "#server/errors.ts"
import { forEachMutation, INPUTS, LONG } from "./mutate.ts"

const RECORDS_AT = 61

/** Three records with a key, a value and a header each. */
const RECORDS = Buffer.concat(
  [0, 1, 2].map((i) =>
    Buffer.from([0x22, 0, i * 2, i * 2, 4, 0x6b, 0x31, 6, 0x61, 0x62, 0x63, 2, 2, 0x68, 2, 0x76, 0, 0]),
  ),
)

/** `codec` as in the attributes of a batch. */
function batch([codec, pack]: Codec, raw: Buffer = RECORDS): Buffer {
  const records = pack(raw)
  const head = Buffer.alloc(RECORDS_AT)
  head.writeBigInt64BE(1000n, 0)
  head.writeInt32BE(RECORDS_AT - 12 + records.length, 8)
  head.writeInt8(2, 16)
  head.writeInt16BE(codec, 21)
  head.writeInt32BE(2, 23)
  head.writeBigInt64BE(1_700_000_000_000n, 27)
  head.writeBigInt64BE(1_700_000_000_000n, 35)
  head.writeInt32BE(3, 57)
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
  return splitBatches(bytes, { aborted: [], pending: false }).flatMap((one) =>
    decodeBatch(openBatchNow(one), 0n, null),
  )
}
