import { XMLParser, XMLValidator } from "fast-xml-parser"
import type { Content } from "../format.ts"
import { utf8 } from "./text.ts"

/** No entity of the document is resolved: neither a file of the server nor a billion laughs comes out of one. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: "#text",
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
})

/** XML, shown as it was written; its tree has attributes as `@name` and mixed text as `#text`. */
export function xml(bytes: Buffer): Content {
  const text = utf8(bytes)
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw new SyntaxError(`line ${valid.err.line}: ${valid.err.msg}`)
  return { text, tree: parser.parse(text) }
}
