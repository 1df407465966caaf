import { seededRandom } from "#test/random.ts"

/** Inputs that every decoder is given; the seeds of a test are mutated that often. */
export const INPUTS = 100_000
/** ms; only finds what hangs: on a loaded machine this many inputs take minutes. */
export const LONG = 600_000

/** Longer inputs find nothing that these do not, and take longer. */
const MAX_BYTES = 2048

/** Numbers on which lengths, counts and signs turn. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

/**
 * `count` inputs, each made from one of the seeds by one to four mutations: bits turned, bytes set, numbers put to their
 * edges, pieces cut out, doubled, or taken from another seed. The same for the same TEST_SEED and name.
 */
export function* mutations(name: string, seeds: readonly Buffer[], count = INPUTS): Generator<Buffer> {
  const random = seededRandom(`fuzz ${name}`)
  const below = (limit: number) => Math.floor(random() * limit)
  const seed = () => seeds[below(seeds.length)] ?? Buffer.alloc(0)
  for (let i = 0; i < count; i++) {
    let bytes: Buffer = Buffer.from(seed())
    for (let left = 1 + below(4); left > 0; left--) bytes = mutateBytes(bytes, { below, other: seed })
    yield bytes.subarray(0, MAX_BYTES)
  }
}

interface Source {
  below(limit: number): number
  other(): Buffer
}

/** The bytes, perhaps themselves, with one thing changed. */
export function mutateBytes(bytes: Buffer, { below, other }: Source): Buffer {
  const at = below(bytes.length + 1)
  const until = Math.min(bytes.length, at + 1 + below(16))
  switch (below(7)) {
    case 0:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
      return bytes
    case 1:
      if (at < bytes.length) bytes[at] = below(256)
      return bytes
    case 2: {
      const edge = EDGES[below(EDGES.length)] ?? 0
      if (at + 4 <= bytes.length) bytes.writeUInt32BE(edge, at)
      else if (at < bytes.length) bytes[at] = edge & 0xff
      return bytes
    }
    case 3:
      return bytes.subarray(0, at)
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)])
    case 5:
      return Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)])
    default: {
      const donor = other()
      const from = below(donor.length + 1)
      return Buffer.concat([
        bytes.subarray(0, at),
        donor.subarray(from, from + 1 + below(32)),
        bytes.subarray(at),
      ])
    }
  }
}

/** Runs `check` on each input; a failure names the input, so that it can become a test of its own. */
export function forEachMutation(
  name: string,
  { seeds, count }: { seeds: readonly Buffer[]; count?: number },
  check: (bytes: Buffer) => void,
): void {
  for (const bytes of mutations(name, seeds, count)) {
    try {
      check(bytes)
    } catch (error) {
      throw new Error(`${name}, of the input ${bytes.toString("hex")}`, { cause: error })
    }
  }
}
