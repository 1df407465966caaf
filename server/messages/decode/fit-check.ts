import { type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema"
import type { RegisteredSchema } from "./registry.ts"

/** `fits` null: it could not be checked, and `why` says why. */
export interface Fit {
  fits: boolean | null
  why: string | null
}

/** Problems that are looked at, and those that are named. */
const LOOKED_AT = 300
const NAMED = 3

/**
 * Checks a value (JSON) against a JSON Schema. Only for a process that may be ended: a schema's patterns and references
 * can be made to run for ever. Schemas are interpreted, never compiled to code; nothing is fetched. Never throws.
 */
export function fitOf(schema: RegisteredSchema, value: string): Fit {
  try {
    return check(schema, value)
  } catch (error) {
    return unchecked(error instanceof RangeError ? "it is too large, or nested too deeply" : String(error))
  }
}

export function unchecked(reason: string): Fit {
  return { fits: null, why: `It could not be checked against its schema: ${reason}.` }
}

function check({ text, references }: RegisteredSchema, value: string): Fit {
  const own: Schema | boolean = JSON.parse(text)
  const validator = new Validator(own, draftOf(own), false)
  for (const { name, text } of references) validator.addSchema(JSON.parse(text), nameFrom(own, name))
  const { valid, errors } = validator.validate(JSON.parse(value))
  return valid ? { fits: true, why: null } : { fits: false, why: wordsOf(errors) }
}

/** Draft 7 where the schema does not say, as Confluent's serialisers take it. */
function draftOf(schema: Schema | boolean): SchemaDraft {
  const named = typeof schema === "object" ? String(schema.$schema ?? "") : ""
  if (named.includes("2020-12")) return "2020-12"
  if (named.includes("2019-09")) return "2019-09"
  return named.includes("draft-04") ? "4" : "7"
}

/** References are named as the schema writes them: relative to its own id. */
function nameFrom(schema: Schema | boolean, name: string): string {
  const id = typeof schema === "object" ? schema.$id : undefined
  return id && URL.canParse(name, id) ? new URL(name, id).href : name
}

/** Of all that is told, what is wrong innermost: the others only say that something inside them does not fit. */
function wordsOf(errors: OutputUnit[]): string {
  const some = errors.slice(0, LOOKED_AT)
  const inner = some.filter(
    ({ keywordLocation }) => !some.some((other) => other.keywordLocation.startsWith(`${keywordLocation}/`)),
  )
  const words = inner.map(({ instanceLocation, error }) => `${placeOf(instanceLocation)}: ${error}`)
  return words.slice(0, NAMED).join(" ") + (words.length > NAMED ? " There is more." : "")
}

function placeOf(location: string): string {
  return location === "#" ? "The value" : location.replace(/^#\//, "").replaceAll("/", ".")
}
