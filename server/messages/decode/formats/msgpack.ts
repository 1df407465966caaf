import { decode } from "@msgpack/msgpack"
import type { Content } from "../format.ts"
import { fromTree } from "./json.ts"

/** MessagePack; 64-bit integers are exact. */
export function msgpack(bytes: Buffer): Content {
  return fromTree(decode(bytes, { useBigInt64: true, maxMapLength: 1e6, maxArrayLength: 1e6 }))
}
