import { isUtf8 } from "node:buffer"
import type { Decoded } from "./decode/decode.ts"
import { hex } from "./decode/formats/hex.ts"
import type { PartName } from "./decode/wire.ts"
import { printTree } from "./json.ts"
import { HIDDEN, type Mask } from "./masking/mask.ts"
import type { Tree } from "./tree.ts"

/** Characters that are printed of one part in full. */
const MAX_TEXT = 2_000_000

/** A part as it was read. `unread`: it was written by a schema that could not be had, or that it does not fit. */
type Read = Decoded & { bytes: Buffer; unread: boolean }

export interface Printed {
  text: string
  /** Only the beginning of the text is there. */
  cut: boolean
  masked: boolean
  note: string | null
}

/** A part for one reader: what the mask hides is hidden, and no more is printed than is shown. Pure. */
export function printPart(
  decoded: Read,
  { part, mask, line, withheld }: { part: PartName; mask: Mask; line: number | null; withheld: number },
): Printed {
  const { note } = decoded
  const masked = mask.holds(part)
  const text = masked ? maskedText(decoded, { part, mask, line, withheld }) : plainText(decoded, line)
  if (text === null) return { text: HIDDEN, cut: false, masked, note: "Hidden by a masking rule." }
  const shown = line === null ? text : text.replace(/\s+/g, " ").trim()
  const max = line ?? MAX_TEXT
  return { text: shown.slice(0, max), cut: shown.length > max, masked, note }
}

function plainText({ bytes, text, tree }: Decoded & { bytes: Buffer }, line: number | null): string {
  if (text !== null) return line === null ? text : text.slice(0, line * 4)
  if (tree !== undefined) return treeText(tree, line)
  return hex(bytes, line === null ? MAX_TEXT : line + 100)
}

/** In one line, or over lines where that does not make it much longer than it is. */
function treeText(tree: Tree, line: number | null): string {
  if (line !== null) return printTree(tree, 0, line * 4)
  const spread = printTree(tree, 2, MAX_TEXT + 1)
  return spread.length > MAX_TEXT ? printTree(tree, 0, MAX_TEXT + 1) : spread
}

/**
 * null: it cannot be looked into, and is hidden whole. A dump of bytes cannot be searched for what is to be hidden, nor
 * what only looks like text.
 */
function maskedText(
  { bytes, text, tree, limit, unread }: Read,
  { part, mask, line, withheld }: { part: PartName; mask: Mask; line: number | null; withheld: number },
): string | null {
  if (limit !== null) return null
  if (tree !== undefined) return treeText(mask.tree(part, tree), line)
  if (text === null || unread || !isUtf8(bytes)) return null
  const shown = mask.text(part, text)
  return withheld === 0 || shown === HIDDEN ? shown : shown.slice(0, -withheld)
}
