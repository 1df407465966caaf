import type { Tree } from "../tree.ts"

/** How bytes can be read. `auto` looks at the bytes, and asks the schema registry where there is one. */
export const FORMATS = [
  "auto",
  "json",
  "text",
  "avro",
  "protobuf",
  "json-schema",
  "msgpack",
  "cbor",
  "xml",
  "hex",
] as const

export type Format = (typeof FORMATS)[number]

/**
 * What a decoder makes of bytes: a tree where there is structure, a text where that is what was written. XML has both:
 * it is shown as it was written, and looked into as a tree.
 */
export interface Content {
  text: string | null
  tree: Tree | undefined
}

/** Decodes a whole value, or throws. Pure; draws on a Budget. */
export type Decoder = (bytes: Buffer) => Content

export function fromTree(tree: Tree): Content {
  return { text: null, tree }
}
