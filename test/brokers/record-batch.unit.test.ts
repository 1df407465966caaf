import { expect, it } from "vitest"
import { splitBatches, takeFrom } from "#server/brokers/kafka/record-batch.ts"

/** All messages of a batch. */
const ALL = { from: 0n, to: null, bytes: Number.POSITIVE_INFINITY }

/** A 64-bit zigzag varint, as Java's ByteUtils.writeVarlong writes it. */
function varlong(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

/** An uncompressed batch whose records have these timestamps, the first of them as its base. */
function batchOf(times: bigint[]): Buffer {
  const base = times[0] ?? 0n
  const records = times.map((time, at) => {
    const delta = varlong(BigInt.asIntN(64, time - base))
    const body = Buffer.concat([Buffer.from([0]), delta, varlong(BigInt(at)), Buffer.from([1, 2, 0x76, 0])])
    return Buffer.concat([varlong(BigInt(body.length)), body])
  })
  const head = Buffer.alloc(61)
  head.writeInt32BE(61 - 12 + records.reduce((sum, one) => sum + one.length, 0), 8)
  head.writeInt8(2, 16)
  head.writeInt32BE(times.length - 1, 23)
  head.writeBigInt64BE(base, 27)
  head.writeInt32BE(times.length, 57)
  return Buffer.concat([head, ...records])
}

it("a record's time is exact, however far it lies from the first of its batch", () => {
  const times = [
    1_764_160_000_123n,
    1_764_160_000_000_000_001n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    -2n,
    0n,
    1_764_160_000_124n,
    2n ** 53n + 1n,
  ]
  for (const first of times) {
    const [batch] = splitBatches(batchOf([first, ...times]), { aborted: [], pending: false })
    const messages = batch ? takeFrom({ ...batch, records: batch.bytes.subarray(61) }, ALL).messages : []
    expect(messages.map((one) => one.timestamp)).toEqual([first, ...times])
    expect(messages.at(-1)).toMatchObject({ timestampType: "create", value: Buffer.from("v") })
  }
})

it("of -1 alone it is said that there is none", () => {
  const [batch] = splitBatches(batchOf([5n, -1n]), { aborted: [], pending: false })
  const messages = batch ? takeFrom({ ...batch, records: batch.bytes.subarray(61) }, ALL).messages : []
  expect(messages.map((one) => [one.timestamp, one.timestampType])).toEqual([
    [5n, "create"],
    [null, null],
  ])
})
