import {
  type FilterFunction,
  FunctionExpressionType,
  JSONPathEnvironment,
  type JSONPathQuery,
  type JSONValue,
} from "json-p3"
import { DomainError, messageOf } from "#server/errors.ts"
import { compilePattern } from "./pattern.ts"

/** How deep `..` goes; a value nested deeper than that is not searched, and a mask hides it whole. */
const DEPTH = 200

/** RFC 9535 says `match` and `search` are regular expressions; here they are RE2's, which cannot be made to hang. */
class Matches implements FilterFunction {
  readonly argTypes = [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType]
  readonly returnType = FunctionExpressionType.LogicalType
  readonly #whole: boolean
  readonly #compiled = new Map<string, ReturnType<typeof compilePattern> | null>()

  constructor(whole: boolean) {
    this.#whole = whole
  }

  call(text: unknown, pattern: unknown): boolean {
    if (typeof text !== "string" || typeof pattern !== "string") return false
    let compiled = this.#compiled.get(pattern)
    if (compiled === undefined) {
      compiled = tryCompile(this.#whole ? `^(?:${pattern})$` : pattern)
      if (this.#compiled.size > 100) this.#compiled.clear()
      this.#compiled.set(pattern, compiled)
    }
    return compiled?.test(text) ?? false
  }
}

function tryCompile(pattern: string) {
  try {
    return compilePattern(pattern)
  } catch {
    return null
  }
}

const environment = new JSONPathEnvironment({ maxRecursionDepth: DEPTH })
environment.functionRegister.set("match", new Matches(true))
environment.functionRegister.set("search", new Matches(false))

export type JsonPath = JSONPathQuery
export type { JSONValue }

/** A JSONPath (RFC 9535). Throws a DomainError that says what is wrong with it. */
export function compilePath(path: string): JsonPath {
  try {
    return environment.compile(path)
  } catch (error) {
    throw new DomainError("bad_input", `This JSONPath cannot be read: ${messageOf(error)}.`)
  }
}
