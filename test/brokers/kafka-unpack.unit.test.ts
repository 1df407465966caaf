import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { compressionsAlgorithms } from "@platformatic/kafka"
import { describe, expect, it } from "vitest"
import { unpack } from "#server/brokers/kafka/unpack.ts"
import { unpackRecords } from "#server/brokers/kafka/unpack-apart.ts"
import { seededRandom } from "#test/random.ts"

const { snappy, lz4 } = compressionsAlgorithms
const CODECS: [string, number, (bytes: Buffer) => Buffer][] = [
  ["gzip", 1, (bytes) => gzipSync(bytes, { level: 1 })],
  ["snappy", 2, (bytes) => Buffer.from(snappy.compressSync(bytes))],
  ["lz4", 3, (bytes) => Buffer.from(lz4.compressSync(bytes))],
  ["zstd", 4, (bytes) => zstdCompressSync(bytes)],
]

/** Bytes of every kind: runs, repetitions near and far, and what cannot be compressed. */
function inputs(): Buffer[] {
  const random = seededRandom("unpack")
  const below = (limit: number) => Math.floor(random() * limit)
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => below(256)))
  const mixed = () => {
    const pieces: Buffer[] = [noise(1 + below(300))]
    for (let left = below(60); left > 0; left--) {
      const so = Buffer.concat(pieces)
      const from = below(so.length)
      const kinds = [
        noise(1 + below(40)),
        Buffer.alloc(below(5000), below(256)),
        so.subarray(from, from + below(9000)),
      ]
      pieces.push(kinds[below(kinds.length)] ?? so)
    }
    return Buffer.concat(pieces)
  }
  return [Buffer.from("a"), noise(70_000), Buffer.alloc(200_000, "ab"), ...Array.from({ length: 200 }, mixed)]
}

describe.each(CODECS)("a batch compressed by %s", (_name, codec, compress) => {
  it("is unpacked to what it was", () => {
    for (const bytes of inputs()) expect(unpack(compress(bytes), codec).equals(bytes)).toBe(true)
  })

  it("is refused where it grows beyond 64 MB, here and in a thread", async () => {
    const bomb = compress(Buffer.alloc((64 << 20) + 1))
    expect(() => unpack(bomb, codec)).toThrow("larger than 64 MB")
    await expect(unpackRecords(bomb, codec)).rejects.toThrow("larger than 64 MB")
  })

  it("is unpacked in a thread where it is large, and so are others after a damaged one", async () => {
    const bytes = Buffer.alloc(8 << 20, "some records, ")
    const packed = compress(bytes)
    const cut = packed.subarray(0, packed.length - 9)
    const all = await Promise.allSettled(
      [packed, cut, packed, packed].map(async (one) => {
        using records = await unpackRecords(one, codec)
        expect(records.bytes.equals(bytes)).toBe(true)
      }),
    )
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"])
  })
})

it("a large batch waits for the one before, whose memory is free when it is disposed", async () => {
  const packed = zstdCompressSync(Buffer.alloc(56 << 20))
  const before = arrayBuffers()
  const first = await unpackRecords(packed, 4)
  expect(first.lent).toBe(true)
  let came = false
  const second = unpackRecords(packed, 4).finally(() => {
    came = true
  })
  // Nothing tells that it waits: if it did not, it would be there by then.
  await sleep(300)
  expect(came).toBe(false)
  first[Symbol.dispose]()
  expect(first.bytes.length).toBe(0)
  using last = await second
  expect(last.bytes.length).toBe(56 << 20)
  expect(arrayBuffers() - before).toBeLessThan(100 << 20)
})

it("a batch that is large but may be kept takes no more memory than it has bytes", async () => {
  const { bytes, lent, ...records } = await unpackRecords(zstdCompressSync(Buffer.alloc(2 << 20, "a")), 4)
  records[Symbol.dispose]()
  expect(lent).toBe(false)
  expect(bytes.buffer.byteLength).toBe(2 << 20)
  expect(bytes.every((byte) => byte === 97)).toBe(true)
})

function arrayBuffers(): number {
  return process.memoryUsage().arrayBuffers
}

/** As Java's client frames Snappy. */
it("a batch in the frames of xerial's Snappy is unpacked", () => {
  const block = (text: string) => {
    const packed = Buffer.from(snappy.compressSync(Buffer.from(text)))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(packed.length)
    return Buffer.concat([size, packed])
  }
  const head = Buffer.from("82534e41505059000000000100000001", "hex")
  const framed = Buffer.concat([head, block("one ".repeat(100)), block("two ".repeat(100))])
  expect(unpack(framed, 2).toString()).toBe("one ".repeat(100) + "two ".repeat(100))
  expect(() => unpack(framed.subarray(0, framed.length - 1), 2)).toThrow("cut off")
})

it("lengths that the bytes cannot hold are refused before anything is allocated", () => {
  // 60 MB in 6 bytes.
  const announced = Buffer.from("8080b11e0000", "hex")
  expect(() => unpack(announced, 2)).toThrow("announces more than it holds")
  expect(() => unpack(Buffer.from("ffffffffff7f", "hex"), 2)).toThrow()
})
