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

/** What a decoder makes of bytes: a text to show and, where there is structure, the tree behind it. */
export interface Content {
  text: string
  tree?: unknown
}

/** Decodes a whole value, or throws. Pure. */
export type Decoder = (bytes: Buffer) => Content
