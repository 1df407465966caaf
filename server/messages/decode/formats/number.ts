import { numberTree, type Tree } from "../../tree.ts"

/** The shortest decimal that is this 32-bit float: 0.1, not 0.10000000149011612. */
export function float32Tree(value: number): Tree {
  if (Number.isFinite(value) && value !== 0)
    for (let digits = 1; digits <= 9; digits++) {
      const short = Number(value.toPrecision(digits))
      if (Math.fround(short) === value) return numberTree(short)
    }
  return numberTree(value)
}

/** Two's complement, big-endian; no bytes are 0. */
export function signedInteger(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`))
}

/** `unscaled` · 10^-`scale` in full, as people write it. A scale too large to be written in full gets an exponent. */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? "-" : ""
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString()
  if (scale === 0) return sign + digits
  if (scale < 0 || scale > MAX_PLACES) return `${sign}${digits}E${-scale}`
  const padded = digits.padStart(scale + 1, "0")
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

const MAX_PLACES = 1000
