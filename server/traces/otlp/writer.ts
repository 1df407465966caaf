import { BYTES, FIXED64, VARINT } from "./cursor.ts"

/** Writes protobuf. Grows as needed; `finish` returns what was written. */
export class Writer {
  #buffer: Buffer
  #at = 0

  constructor(size = 256) {
    this.#buffer = Buffer.allocUnsafe(size)
  }

  finish(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  /** A number that is not negative, exact below 2^53. */
  varint(field: number, value: number): this {
    this.#number(field * 8 + VARINT)
    this.#number(value)
    return this
  }

  /** A signed number of 64 bits, as int64 and bool are. */
  int64(field: number, value: bigint): this {
    this.#number(field * 8 + VARINT)
    let rest = BigInt.asUintN(64, value)
    for (; rest > 127n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128)
    this.#byte(Number(rest))
    return this
  }

  /** A number of 64 bits without sign. */
  fixed64(field: number, value: bigint): this {
    this.#number(field * 8 + FIXED64)
    this.#room(8)
    this.#at = this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.#at)
    return this
  }

  double(field: number, value: number): this {
    this.#number(field * 8 + FIXED64)
    this.#room(8)
    this.#at = this.#buffer.writeDoubleLE(value, this.#at)
    return this
  }

  fixed32(field: number, value: number): this {
    this.#number(field * 8 + 5)
    this.#room(4)
    this.#at = this.#buffer.writeUInt32LE(value >>> 0, this.#at)
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#number(field * 8 + BYTES)
    this.#number(value.length)
    return this.raw(value)
  }

  text(field: number, value: string): this {
    const length = Buffer.byteLength(value)
    this.#number(field * 8 + BYTES)
    this.#number(length)
    this.#room(length)
    this.#at += this.#buffer.write(value, this.#at)
    return this
  }

  /** Bytes as they are: fields that are encoded already. */
  raw(value: Uint8Array): this {
    this.#room(value.length)
    this.#buffer.set(value, this.#at)
    this.#at += value.length
    return this
  }

  #number(value: number): void {
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte((rest % 128) | 128)
    this.#byte(rest)
  }

  #byte(value: number): void {
    this.#room(1)
    this.#buffer[this.#at++] = value
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes))
    larger.set(this.#buffer.subarray(0, this.#at))
    this.#buffer = larger
  }
}
