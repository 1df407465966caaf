import { gzipSync, zstdCompressSync } from "node:zlib"
import { compressionsAlgorithms } from "@platformatic/kafka"
import { describe, expect, it } from "vitest"
import { unpack } from "#server/brokers/kafka/unpack.ts"

const { snappy, lz4 } = compressionsAlgorithms
const CODECS: [string, number, (bytes: Buffer) => Buffer][] = [
  ["gzip", 1, (bytes) => gzipSync(bytes, { level: 1 })],
  ["snappy", 2, (bytes) => Buffer.from(snappy.compressSync(bytes))],
  ["lz4", 3, (bytes) => Buffer.from(lz4.compressSync(bytes))],
  ["zstd", 4, (bytes) => zstdCompressSync(bytes)],
]

describe.each(CODECS)("a batch compressed by %s", (_name, codec, compress) => {
  it("is unpacked, and refused where it grows beyond 64 MB", () => {
    const bytes = Buffer.from("some records, some records, some records".repeat(1000))
    expect(unpack(compress(bytes), codec).equals(bytes)).toBe(true)
    const bomb = compress(Buffer.alloc((64 << 20) + 1))
    expect(() => unpack(bomb, codec)).toThrow("larger than 64 MB")
  })
})
