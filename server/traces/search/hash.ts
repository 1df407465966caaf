/*
 * Two hashes of 32 bits in one pass (FNV-1a with two primes, then MurmurHash3's last step), from which a filter takes as
 * many as it needs. Changing them makes stored filters worthless.
 */
const SEED_A = 0x811c9dc5
const SEED_B = 0x9747b28c
const PRIME_A = 0x01000193
const PRIME_B = 0x85ebca6b

/** Of a key, or of a key and a value. The numbers have 32 bits without sign. */
export interface Hash {
  a: number
  b: number
}

/** Hashes bytes as they come; `hash` says what came so far. One object does for many. */
export class Hasher {
  #a = SEED_A
  #b = SEED_B

  start(): this {
    this.#a = SEED_A
    this.#b = SEED_B
    return this
  }

  bytes(buffer: Uint8Array, from = 0, to = buffer.length): this {
    let a = this.#a
    let b = this.#b
    for (let i = from; i < to; i++) {
      const byte = buffer[i] ?? 0
      a = Math.imul(a ^ byte, PRIME_A)
      b = Math.imul(b ^ byte, PRIME_B)
    }
    this.#a = a
    this.#b = b
    return this
  }

  /** What separates a key from its value. */
  separator(): this {
    this.#a = Math.imul(this.#a ^ 0xff, PRIME_A)
    this.#b = Math.imul(this.#b ^ 0xff, PRIME_B)
    return this
  }

  /** Characters of ASCII, as numbers and words have. */
  ascii(text: string): this {
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i)
      this.#a = Math.imul(this.#a ^ byte, PRIME_A)
      this.#b = Math.imul(this.#b ^ byte, PRIME_B)
    }
    return this
  }

  get a(): number {
    return mixed(this.#a)
  }

  get b(): number {
    return mixed(this.#b)
  }
}

function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The hash of a key that is there, whatever its value. */
export function keyHash(key: string): Hash {
  const { a, b } = new Hasher().bytes(Buffer.from(key))
  return { a, b }
}

/** The hash of a key with a value, as text. */
export function valueHash(key: string, value: string): Hash {
  const { a, b } = new Hasher().bytes(Buffer.from(key)).separator().bytes(Buffer.from(value))
  return { a, b }
}

/** What a filter knows of a span beside its attributes: keys that no attribute has. */
export const OWN_KEYS = {
  name: "\u0001name",
  /** The trace id of a link, hexadecimal. */
  link: "\u0001link",
  /** system, destination, partition and offset: see messageKey. */
  message: "\u0001message",
} as const

/** The value of OWN_KEYS.message. */
export function messageKey(destination: string, partition: string, offset: string): string {
  return `${destination}\u0000${partition}\u0000${offset}`
}
