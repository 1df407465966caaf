import { Bytes, numberTree, type Tree } from "../../../tree.ts"
import { float32Tree } from "../number.ts"
import { text } from "../text.ts"
import { WIRE, type WireCursor } from "./wire.ts"

/** A type of one value: its wire type, its default, and how it is read; 64-bit integers are text, as in Protobuf's JSON. */
interface Scalar {
  wire: number
  zero: Tree
  read: (cursor: WireCursor) => Tree
}

const int32 = (value: bigint) => Number(BigInt.asIntN(32, value))
const zigzag = (value: bigint) => (value >> 1n) ^ -(value & 1n)

const varint = (zero: Tree, of: (value: bigint) => Tree): Scalar => ({
  wire: WIRE.VARINT,
  zero,
  read: (cursor) => of(cursor.varint()),
})
const fixed = (width: 4 | 8, zero: Tree, of: (bytes: Buffer) => Tree): Scalar => ({
  wire: width === 4 ? WIRE.FIXED32 : WIRE.FIXED64,
  zero,
  read: (cursor) => of(cursor.take(width)),
})
const sized = (zero: Tree, of: (bytes: Buffer) => Tree): Scalar => ({
  wire: WIRE.BYTES,
  zero,
  read: (cursor) => of(cursor.sized()),
})

export const SCALARS: ReadonlyMap<string, Scalar> = new Map([
  ["int32", varint(0, int32)],
  ["uint32", varint(0, (value) => Number(BigInt.asUintN(32, value)))],
  ["sint32", varint(0, (value) => int32(zigzag(BigInt.asUintN(32, value))))],
  ["int64", varint("0", (value) => BigInt.asIntN(64, value).toString())],
  ["uint64", varint("0", (value) => value.toString())],
  ["sint64", varint("0", (value) => zigzag(value).toString())],
  ["bool", varint(false, (value) => value !== 0n)],
  ["fixed32", fixed(4, 0, (bytes) => bytes.readUInt32LE())],
  ["sfixed32", fixed(4, 0, (bytes) => bytes.readInt32LE())],
  ["float", fixed(4, 0, (bytes) => float32Tree(bytes.readFloatLE()))],
  ["fixed64", fixed(8, "0", (bytes) => bytes.readBigUInt64LE().toString())],
  ["sfixed64", fixed(8, "0", (bytes) => bytes.readBigInt64LE().toString())],
  ["double", fixed(8, 0, (bytes) => numberTree(bytes.readDoubleLE()))],
  ["string", sized("", text)],
  ["bytes", sized(new Bytes(Buffer.alloc(0), true), (bytes) => new Bytes(bytes, true))],
])

/** google.protobuf.NullValue, of which there is one. */
export const NULL_VALUE = varint(null, (value) => (value === 0n ? null : int32(value)))

/** Enums are varints of 32 bits; a number without a name stays a number. */
export function enumScalar(names: Readonly<Record<number, string>>, first: number): Scalar {
  const named = (value: number): Tree => names[value] ?? value
  return varint(named(first), (value) => named(int32(value)))
}
