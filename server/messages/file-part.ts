import { isUtf8 } from "node:buffer"
import { type Decoded, decode, type SchemaName } from "./decode/decode.ts"
import { type FoundSchema, isUnread } from "./decode/find-schema.ts"
import type { PartName } from "./decode/wire.ts"
import { printTree } from "./json.ts"
import { HIDDEN, type Mask } from "./masking/mask.ts"

/** A key or value as a file has it. */
export interface FilePart {
  /** What stands for its bytes where they may not be had; null: the bytes as they are. */
  masked: string | null
  /** What a schema or a format makes of bytes that are no text, as JSON and masked; null: there is nothing to add. */
  decoded: { format: Decoded["format"]; schema: SchemaName | null; json: string } | null
}

interface Whole {
  bytes: Buffer
  found: FoundSchema | null
  part: PartName
}

/**
 * A part for a file of one reader. Text is masked as text, so that what no rule hides stays as it was written; of anything
 * else only what was decoded can be told where a rule holds. Pure; never throws.
 */
export function filePart({ bytes, found, part }: Whole, mask: Mask): FilePart {
  const read = decode(bytes, "auto", found)
  const holds = mask.holds(part)
  const masked = holds ? maskedText(bytes, read, { part, mask, found }) : null
  const itself = read.format === "json" || (read.format === "xml" && !holds)
  if (read.tree === undefined || (itself && found?.schema == null)) return { masked, decoded: null }
  const json = printTree(holds ? mask.tree(part, read.tree) : read.tree, 0)
  return { masked, decoded: { format: read.format, schema: read.schema, json } }
}

const TEXTS: readonly Decoded["format"][] = ["json", "text", "xml"]

function maskedText(
  bytes: Buffer,
  { format, limit, schema, tree }: Decoded,
  { part, mask, found }: { part: PartName; mask: Mask; found: FoundSchema | null },
): string {
  // What was not read by the schema that is named only looks like text.
  const certain = tree !== undefined || !isUnread(found, schema)
  const readable = limit === null && certain && TEXTS.includes(format) && isUtf8(bytes)
  return readable ? mask.text(part, bytes.toString("utf8")) : HIDDEN
}
