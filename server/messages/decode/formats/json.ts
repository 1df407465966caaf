import { parseJson, printJson } from "../../json.ts"
import type { Content } from "../format.ts"
import { utf8 } from "./text.ts"

/** JSON, printed with indentation; numbers keep all their digits. */
export function json(bytes: Buffer): Content {
  return fromTree(parseJson(utf8(bytes)))
}

/** Anything with structure is shown as JSON. */
export function fromTree(tree: unknown): Content {
  return { text: printJson(tree, 2), tree }
}
