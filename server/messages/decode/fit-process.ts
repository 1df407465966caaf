import { type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema"
import { z } from "zod"

/**
 * Checks values against JSON Schemas, in a process of its own: a schema's patterns and references can be made to run for
 * ever, and whoever asks then ends this process. Schemas are interpreted, never compiled to code; nothing is fetched.
 */
const question = z.object({
  schema: z.string(),
  references: z.array(z.object({ name: z.string(), text: z.string() })),
  /** JSON. */
  value: z.string(),
})

export type Question = z.output<typeof question>

/** `fits` null: it could not be checked, and `why` says why. */
export interface Fit {
  fits: boolean | null
  why: string | null
}

/** Problems that are looked at, and those that are named. */
const LOOKED_AT = 300
const NAMED = 3

process.once("disconnect", () => process.exit())
process.on("message", (given) => {
  let fit: Fit
  try {
    fit = check(question.parse(given))
  } catch (error) {
    const reason = error instanceof RangeError ? "it is too large, or nested too deeply" : String(error)
    fit = { fits: null, why: `It could not be checked against its schema: ${reason}.` }
  }
  process.send?.(fit)
})
process.send?.("ready")

function check({ schema, references, value }: Question): Fit {
  const own: Schema | boolean = JSON.parse(schema)
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
