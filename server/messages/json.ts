import { Budget } from "./decode/budget.ts"
import { Bytes, NumberText, ObjectTree, type Tree } from "./tree.ts"

/** JSON (RFC 8259) that loses nothing. Throws a SyntaxError on what is not JSON, a LimitError on what is too much. */
export function parseTree(text: string, budget = new Budget()): Tree {
  const reader = new JsonReader(text, budget)
  const tree = reader.value()
  reader.space()
  if (reader.at < text.length) throw reader.unexpected()
  return tree
}

const BYTE_ORDER_MARK = 0xfeff
const QUOTE = 0x22
const BACKSLASH = 0x5c
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Reads one value after another from a text; `at` is where it is. */
export class JsonReader {
  readonly text: string
  at: number
  readonly #budget: Budget

  constructor(text: string, budget = new Budget()) {
    this.text = text
    // What wrote a byte order mark meant the JSON behind it (RFC 8259, 8.1).
    this.at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
    this.#budget = budget
  }

  space(): void {
    for (let code = this.text.charCodeAt(this.at); isSpace(code); code = this.text.charCodeAt(this.at))
      this.at += 1
  }

  /** Whether `character` comes next; it is then passed. */
  passes(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at += 1
    return true
  }

  expect(character: string): void {
    if (!this.passes(character)) throw this.unexpected()
  }

  unexpected(): SyntaxError {
    const found = this.text[this.at]
    const what = found === undefined ? "it ends too early" : `unexpected ${JSON.stringify(found)}`
    return new SyntaxError(`${what} at character ${this.at + 1}`)
  }

  value(): Tree {
    this.space()
    switch (this.text[this.at]) {
      case "{":
        return this.#object()
      case "[":
        return this.#list()
      case '"':
        this.#budget.take()
        return this.string()
      case "t":
        return this.#word("true", true)
      case "f":
        return this.#word("false", false)
      case "n":
        return this.#word("null", null)
      default:
        return this.#number()
    }
  }

  string(): string {
    const { text } = this
    if (text.charCodeAt(this.at) !== QUOTE) throw this.unexpected()
    const start = this.at
    let escaped = false
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.at = at + 1
        return escaped ? this.#unescaped(start) : text.slice(start + 1, at)
      }
      if (code === BACKSLASH) {
        escaped = true
        at += 1
      } else if (code < 0x20) {
        this.at = at
        throw this.unexpected()
      }
    }
    this.at = text.length
    throw this.unexpected()
  }

  #unescaped(start: number): string {
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string
    } catch {
      this.at = start
      throw new SyntaxError(`a string with an unknown escape at character ${start + 1}`)
    }
  }

  #object(): ObjectTree {
    this.#budget.enter()
    this.at += 1
    const entries: [string, Tree][] = []
    this.space()
    if (!this.passes("}"))
      do {
        this.space()
        this.#budget.take()
        const name = this.string()
        this.space()
        this.expect(":")
        entries.push([name, this.value()])
        this.space()
      } while (this.#goesOn("}"))
    this.#budget.leave()
    return new ObjectTree(entries)
  }

  #list(): Tree[] {
    this.#budget.enter()
    this.at += 1
    const items: Tree[] = []
    this.space()
    if (!this.passes("]"))
      do {
        items.push(this.value())
        this.space()
      } while (this.#goesOn("]"))
    this.#budget.leave()
    return items
  }

  #goesOn(end: string): boolean {
    if (this.passes(",")) return true
    this.expect(end)
    return false
  }

  #word<Value extends Tree>(word: string, value: Value): Value {
    this.#budget.take()
    if (!this.text.startsWith(word, this.at)) throw this.unexpected()
    this.at += word.length
    return value
  }

  #number(): Tree {
    this.#budget.take()
    NUMBER.lastIndex = this.at
    const found = NUMBER.exec(this.text)
    if (!found) throw this.unexpected()
    this.at += found[0].length
    return numberOf(found[0])
  }
}

/** The number that JSON writes so. */
export function numberOf(text: string): number | NumberText {
  const value = Number(text)
  return String(value) === text ? value : new NumberText(text)
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/**
 * A tree as JSON, on one line or with an indent of two. At most `max` characters: what is longer ends there, in the
 * middle of whatever it is, so that printing costs no more than what is shown of it.
 */
export function printTree(tree: Tree, indent: 0 | 2, max = Number.POSITIVE_INFINITY): string {
  const printer = new Printer(indent, max)
  printer.print(tree, 0)
  return printer.text.length > max ? printer.text.slice(0, max) : printer.text
}

class Printer {
  text = ""
  readonly #indent: 0 | 2
  readonly #max: number

  constructor(indent: 0 | 2, max: number) {
    this.#indent = indent
    this.#max = max
  }

  print(tree: Tree, depth: number): void {
    if (Array.isArray(tree))
      this.#all(tree, { open: "[", close: "]", depth, one: (item) => this.print(item, depth + 1) })
    else if (tree instanceof ObjectTree)
      this.#all(tree.entries, {
        open: "{",
        close: "}",
        depth,
        one: ([name, value]) => {
          this.text += JSON.stringify(name) + (this.#indent ? ": " : ":")
          this.print(value, depth + 1)
        },
      })
    else this.text += leafJson(tree)
  }

  #all<Item>(items: readonly Item[], by: Container<Item>): void {
    if (items.length === 0) {
      this.text += by.open + by.close
      return
    }
    const line = (depth: number) => (this.#indent ? `\n${"  ".repeat(depth)}` : "")
    let before = by.open + line(by.depth + 1)
    for (const item of items) {
      if (this.text.length > this.#max) return
      this.text += before
      by.one(item)
      before = `,${line(by.depth + 1)}`
    }
    this.text += line(by.depth) + by.close
  }
}

interface Container<Item> {
  open: string
  close: string
  depth: number
  one: (item: Item) => void
}

function leafJson(leaf: Exclude<Tree, Tree[] | ObjectTree>): string {
  if (leaf instanceof NumberText) return leaf.text
  if (leaf instanceof Bytes) return leaf.bare ? `"${leaf.base64}"` : `{"base64":"${leaf.base64}"}`
  return JSON.stringify(leaf)
}
