import { DomainError } from "#server/errors.ts"

/*
 * The wire format of protobuf (protobuf.dev/programming-guides/encoding): a message is a row of fields, each
 *   tag     varint: field number << 3 | wire type
 *   value   by wire type: 0 varint · 1 eight bytes · 2 varint length and that many bytes · 5 four bytes
 */
export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
export const FIXED32 = 5

const MAX_FIELD = 0x1fff_ffff

/** A place in a protobuf message. `next` goes to the next field; then one of the readers takes its value, or `skip` does. */
export class Cursor {
  buffer: Buffer
  at: number
  end: number
  /** Of the field that `next` found. */
  field = 0
  wire = 0
  /** What `bytes` found; at first, all of the message. */
  from: number
  to: number

  constructor(buffer: Buffer, at = 0, end = buffer.length) {
    this.buffer = buffer
    this.at = at
    this.end = end
    this.from = at
    this.to = end
  }

  /** False at the end of the message. */
  next(): boolean {
    if (this.at >= this.end) return false
    const tag = this.varint()
    this.wire = tag % 8
    this.field = (tag - this.wire) / 8
    if (this.field === 0 || this.field > MAX_FIELD)
      throw this.malformed(`${this.field} is not a field number`)
    return true
  }

  /** The number, exact below 2^53 and close above. */
  varint(): number {
    const { buffer, end } = this
    let byte = this.at < end ? (buffer[this.at++] ?? 0) : this.#cut()
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    let weight = 128
    for (let i = 1; i < 10; i++) {
      byte = this.at < end ? (buffer[this.at++] ?? 0) : this.#cut()
      value += (byte & 0x7f) * weight
      if (byte < 0x80) return value
      weight *= 128
    }
    throw this.malformed("a number has more than ten bytes")
  }

  /** Sets `from` and `to` to the value of a field with bytes, and goes past it. */
  bytes(): void {
    const length = this.varint()
    this.from = this.at
    this.to = this.at + length
    if (this.to > this.end)
      throw this.malformed(`a field of ${length} bytes begins ${this.end - this.from} bytes before the end`)
    this.at = this.to
  }

  /** Goes past eight or four bytes and returns where they begin. */
  fixed(size: 4 | 8): number {
    const from = this.at
    this.at += size
    if (this.at > this.end) this.#cut()
    return from
  }

  /** Goes past the value of a field, whatever it is. */
  skip(): void {
    switch (this.wire) {
      case VARINT:
        this.varint()
        return
      case FIXED64:
        this.fixed(8)
        return
      case BYTES:
        this.bytes()
        return
      case FIXED32:
        this.fixed(4)
        return
      default:
        throw this.malformed(`field ${this.field} has the unknown wire type ${this.wire}`)
    }
  }

  /** Refuses a field whose wire type is not the one it must have. */
  expect(wire: number, what: string): void {
    if (this.wire !== wire)
      throw this.malformed(
        `${what} (field ${this.field}) has wire type ${this.wire}; it must have wire type ${wire}`,
      )
  }

  malformed(what: string): DomainError {
    return new DomainError("bad_input", `Malformed protobuf at byte ${this.at}: ${what}.`)
  }

  #cut(): never {
    throw this.malformed("the message ends within a field")
  }
}
