import { XMLParser, XMLValidator } from "fast-xml-parser"
import { ObjectTree, type Tree } from "../../tree.ts"
import { Budget } from "../budget.ts"
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

/**
 * XML, shown as it was written. Its tree has attributes as `@name` and mixed text as `#text`, with character references
 * (`&#52;`, `&amp;`) resolved: a mask must find what they spell.
 */
export function xml(bytes: Buffer): Content {
  const text = utf8(bytes)
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw new SyntaxError(`line ${valid.err.line}: ${valid.err.msg}`)
  return { text, tree: treeOf(parser.parse(text), new Budget()) }
}

function treeOf(value: unknown, budget: Budget): Tree {
  if (typeof value !== "object" || value === null) {
    budget.take()
    return resolved(String(value ?? ""))
  }
  budget.enter()
  const tree = Array.isArray(value)
    ? value.map((one) => treeOf(one, budget))
    : new ObjectTree(Object.entries(value).map(([name, one]): [string, Tree] => [name, treeOf(one, budget)]))
  budget.leave()
  return tree
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

function resolved(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, ...groups) => {
    const [hex, decimal, name] = groups
    if (name !== undefined) return NAMED[String(name)] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
