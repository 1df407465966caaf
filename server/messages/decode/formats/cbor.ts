import { decode } from "cbor2"
import type { Content } from "../format.ts"
import { fromTree } from "./json.ts"

/** CBOR (RFC 8949). */
export function cbor(bytes: Buffer): Content {
  return fromTree(decode(bytes))
}
