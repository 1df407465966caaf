import { parseTree } from "../../json.ts"
import { type Content, fromTree } from "../format.ts"
import { utf8 } from "./text.ts"

/** JSON in UTF-8. Numbers keep their digits, objects their order and fields of the same name. */
export function json(bytes: Buffer): Content {
  return fromTree(parseTree(utf8(bytes)))
}
