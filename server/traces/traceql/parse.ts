import { RE2JS, RE2JSSyntaxException } from "re2js"
import { KINDS, STATUSES } from "../kinds.ts"
import type { Condition, Field, Literal, Operator } from "./ast.ts"
import { fieldOf } from "./fields.ts"
import { syntax, type Token, tokensOf } from "./tokens.ts"

/*
 * The subset of TraceQL that is understood: one set of braces with conditions on single spans.
 *   query    { [or] }
 *   or       and { || and }
 *   and      not { && not }
 *   not      ! not | ( or ) | field operator literal
 */
const OPERATORS: readonly Operator[] = ["=", "!=", ">", ">=", "<", "<=", "=~", "!~"]
/** Conditions within each other; deeper ones are nobody's. */
const MAX_DEPTH = 50

/** Reads a query. An empty one is `{}`: every span. Throws a DomainError (`bad_input`) that names the place. */
export function parseQuery(query: string): Condition {
  if (query.trim() === "") return { is: "all", parts: [] }
  return new Parser(tokensOf(query)).query()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  query(): Condition {
    if (!this.#takes("{")) throw syntax(this.#next.at, "a query begins with {")
    if (this.#takes("}")) return this.#atEnd({ is: "all", parts: [] })
    const condition = this.#or()
    if (!this.#takes("}")) throw this.#unexpected("&&, || or }")
    return this.#atEnd(condition)
  }

  #atEnd(condition: Condition): Condition {
    const { kind, at } = this.#next
    if (kind !== "end")
      throw syntax(at, "only one set of braces is supported, without pipelines or relations between spans")
    return condition
  }

  #or(): Condition {
    return this.#row("||", "any", () => this.#and())
  }

  #and(): Condition {
    return this.#row("&&", "all", () => this.#not())
  }

  #row(mark: string, is: "all" | "any", part: () => Condition): Condition {
    const first = part()
    const parts = [first]
    while (this.#takes(mark)) parts.push(part())
    return parts.length === 1 ? first : { is, parts }
  }

  #not(): Condition {
    if (++this.#depth > MAX_DEPTH) throw syntax(this.#next.at, "conditions are nested too deeply")
    try {
      if (this.#takes("!")) return { is: "not", part: this.#not() }
      if (!this.#takes("(")) return this.#compare()
      const inner = this.#or()
      if (!this.#takes(")")) throw this.#unexpected("&&, || or )")
      return inner
    } finally {
      this.#depth--
    }
  }

  #compare(): Condition {
    const { kind, text, at } = this.#next
    if (kind === "word" && (text === "true" || text === "false")) {
      this.#at++
      return { is: text === "true" ? "all" : "any", parts: [] }
    }
    if (kind !== "word") throw this.#unexpected("a field, such as resource.service.name or duration")
    this.#at++
    const field = fieldOf(text, at)
    const operator = OPERATORS.find((one) => this.#takes(one))
    if (!operator) throw this.#unexpected(`an operator (${OPERATORS.join(" ")})`)
    const token = this.#next
    this.#at++
    const literal = literalOf(token)
    check({ field, operator, literal }, token)
    return { is: "compare", field, operator, literal }
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", at: 0 }
  }

  #takes(mark: string): boolean {
    const is = this.#next.kind === "mark" && this.#next.text === mark
    if (is) this.#at++
    return is
  }

  #unexpected(wanted: string) {
    const { kind, text, at } = this.#next
    const found = kind === "end" ? "the query ends" : `"${text}" stands`
    return syntax(at, `${found} where ${wanted} is expected`)
  }
}

function literalOf({ kind, text, at }: Token): Literal {
  if (kind === "text") return { type: "text", value: text }
  if (kind === "number") return { type: "number", value: Number(text) }
  if (kind === "duration") return { type: "duration", value: nanosecondsOf(text) }
  if (kind === "word") {
    if (text === "true" || text === "false") return { type: "boolean", value: text === "true" }
    if (text === "nil") return { type: "nil" }
    if (isWord(STATUSES, text) || isWord(KINDS, text)) return { type: "text", value: text }
    throw syntax(at, `"${text}" is no value; put a text in double quotes`)
  }
  throw syntax(at, kind === "end" ? "a value is missing" : `"${text}" stands where a value is expected`)
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
}

function nanosecondsOf(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0),
    0,
  )
}

interface Comparison {
  field: Field
  operator: Operator
  literal: Literal
}

/** Throws for what can never hold, so that nobody wonders why nothing is found. */
function check({ field, operator, literal }: Comparison, { at }: Token): void {
  const isEqual = operator === "=" || operator === "!="
  if (operator === "=~" || operator === "!~") {
    if (literal.type !== "text") throw syntax(at, `${operator} needs a regular expression in quotes`)
    compilePattern(literal.value, at)
  }
  if ((literal.type === "nil" || literal.type === "boolean") && !isEqual)
    throw syntax(at, `only = and != are possible with ${literal.type === "nil" ? "nil" : literal.value}`)
  if (field.of !== "intrinsic") return
  if (field.name === "duration" && literal.type !== "duration")
    throw syntax(at, "a duration needs a unit, such as 500ms or 1.5s")
  if (field.name === "status") oneOf(literal, STATUSES, at)
  if (field.name === "kind") oneOf(literal, KINDS, at)
  if (field.name === "nestedSetParent" && literal.type !== "number")
    throw syntax(at, "nestedSetParent is compared with a number: < 0 finds roots")
}

function isWord(words: readonly string[], text: string): boolean {
  return words.includes(text)
}

function oneOf(literal: Literal, words: readonly string[], at: number): void {
  if (literal.type !== "text" || !words.includes(literal.value))
    throw syntax(at, `the value must be one of ${words.join(", ")}`)
}

/** As TraceQL has them: RE2, and the whole value must match. */
export function compilePattern(pattern: string, at = 0): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL)
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw syntax(at, `the regular expression is not valid`)
    throw error
  }
}
