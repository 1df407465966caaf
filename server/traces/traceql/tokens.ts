import { DomainError } from "#server/errors.ts"

export interface Token {
  kind: "mark" | "text" | "number" | "duration" | "word" | "end"
  /** Of a text without its quotes. */
  text: string
  /** Where it begins. */
  at: number
}

const MARKS = [
  "&&",
  "||",
  "!=",
  "!~",
  "=~",
  ">=",
  "<=",
  ">>",
  "<<",
  "{",
  "}",
  "(",
  ")",
  "=",
  ">",
  "<",
  "!",
  "|",
  "~",
]
const SPACE = /\s*/y
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/y
/** As Go writes durations: 1h30m, 1.5s, 200ms. */
const DURATION = /(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+(?![\w.])/y
/** Of an attribute anything may be that is no operator; a part may be quoted. */
const WORD = /(?:[^\s{}()=!<>&|~^,"'`]|(?<=\.)"(?:[^"\\]|\\.)*")+/y
const TEXT = /"(?:[^"\\]|\\.)*"|`[^`]*`/y

/** Throws a DomainError that names the place. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  for (let at = skip(query, 0); at < query.length; ) {
    const token = tokenAt(query, at)
    tokens.push(token.token)
    at = skip(query, token.end)
  }
  return [...tokens, { kind: "end", text: "", at: query.length }]
}

function tokenAt(query: string, at: number): { token: Token; end: number } {
  const made = (kind: Token["kind"], raw: string, text = raw) => ({
    token: { kind, text, at },
    end: at + raw.length,
  })
  const mark = MARKS.find((one) => query.startsWith(one, at))
  if (mark) return made("mark", mark)
  const text = match(TEXT, query, at)
  if (text) return made("text", text, unquoted(text, at))
  const duration = match(DURATION, query, at)
  if (duration) return made("duration", duration)
  const number = match(NUMBER, query, at)
  const word = match(WORD, query, at)
  if (number && number.length >= (word?.length ?? 0)) return made("number", number)
  if (word) return made("word", word)
  if (query[at] === '"' || query[at] === "`") throw syntax(at, "the text has no closing quote")
  throw syntax(at, `"${query[at]}" is not expected here`)
}

/** What is wrong, and where: places count from 1, as editors do. */
export function syntax(at: number, what: string): DomainError {
  return new DomainError("bad_input", `The query is not valid at character ${at + 1}: ${what}.`)
}

function skip(query: string, at: number): number {
  return at + (match(SPACE, query, at)?.length ?? 0)
}

function match(pattern: RegExp, query: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(query)?.[0] ?? null
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "'": "'",
}

/** A text in double quotes has Go's escapes; one in backticks has none. */
export function unquoted(text: string, at: number): string {
  const inner = text.slice(1, -1)
  if (text.startsWith("`")) return inner
  return inner.replaceAll(/\\(.)/gs, (whole, one: string) => {
    const escaped = ESCAPES[one]
    if (escaped === undefined) throw syntax(at, `${whole} is no escape; write a backslash as \\\\`)
    return escaped
  })
}
