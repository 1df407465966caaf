/** Below this a loop is quicker than a call of native code. */
const SHORT = 48

/** Where bytes are written, one run after another. Callers have checked that a run fits. */
export class Output {
  readonly bytes: Buffer
  at = 0

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length)
  }

  literal(from: Buffer, start: number, size: number): void {
    const { bytes, at } = this
    if (size <= SHORT) for (let i = 0; i < size; i++) bytes[at + i] = from[start + i] ?? 0
    else from.copy(bytes, at, start, start + size)
    this.at = at + size
  }

  /** `size` bytes from `back` bytes before; what is copied may be what it wrote. */
  repeat(back: number, size: number): void {
    const { bytes, at } = this
    if (size <= SHORT) for (let i = at; i < at + size; i++) bytes[i] = bytes[i - back] ?? 0
    else {
      let done = Math.min(back, size)
      bytes.copyWithin(at, at - back, at - back + done)
      for (; done < size; done *= 2) bytes.copyWithin(at + done, at, at + Math.min(done, size - done))
    }
    this.at = at + size
  }
}
