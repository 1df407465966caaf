/** Reads big-endian numbers and runs of bytes one after another. Throws a RangeError where the bytes end. */
export class Cursor {
  readonly bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Buffer {
    if (length < 0 || length > this.left)
      throw new RangeError(`it ends too early: ${length} bytes are announced, ${this.left} are left`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  byte(): number {
    return this.take(1).readUInt8(0)
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.left > 0) throw new RangeError(`${this.left} bytes follow its end`)
  }
}
