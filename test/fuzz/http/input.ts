import { z } from "zod"
import type { Dice } from "./dice.ts"

/** As far as the schemas of inputs use it. */
const jsonSchema = z.looseObject({
  const: z.json().optional(),
  enum: z.array(z.json()).optional(),
  get anyOf() {
    return z.array(jsonSchema).optional()
  },
  get oneOf() {
    return z.array(jsonSchema).optional()
  },
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get properties() {
    return z.record(z.string(), jsonSchema).optional()
  },
  required: z.array(z.string()).optional(),
  get items() {
    return jsonSchema.optional()
  },
  minimum: z.number().optional(),
})
type JsonSchema = z.output<typeof jsonSchema>

/** What stands for anything in an input that is odd. */
const ODD: readonly unknown[] = [
  ...[
    "",
    " ",
    ".",
    "..",
    "%",
    "a/b",
    "\0",
    "\ud800",
    "😀",
    "x".repeat(40_000),
    "'; drop table x",
    "__proto__",
  ],
  ...[-1, 0, 0.5, 2 ** 31, 2 ** 53, 1e300, -1.7e18, true, null],
  ...[[], {}, [[[[]]]], { $ne: 1 }, Array(3000).fill(0)],
]

/** Makes inputs of a procedure: mostly as its schema describes them, with names that exist. */
export class InputMaker {
  readonly #dice: Dice
  readonly #names: Readonly<Record<string, unknown>>

  /** `names`: values of fields by their name, wherever they are. */
  constructor(dice: Dice, names: Readonly<Record<string, unknown>>) {
    this.#dice = dice
    this.#names = names
  }

  /** An input for `schema`; each of its values is odd with the probability `oddity`. */
  make(schema: z.ZodType, oddity: number): unknown {
    const described = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" })
    return this.#value(jsonSchema.parse(described), oddity)
  }

  #value(schema: JsonSchema, oddity: number): unknown {
    const dice = this.#dice
    if (dice.happens(oddity)) return dice.pick(ODD)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return dice.pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.#value(dice.pick(choices), oddity)
    const type = Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type
    if (type === "object") return this.#object(schema, oddity)
    if (type === "array") return schema.items ? [this.#value(schema.items, oddity)] : []
    if (type === "string") return dice.pick(["1", "text", "2026-01-01", "a@example.org", "$.card"])
    if (type === "boolean") return dice.happens(0.5)
    if (type === "null") return null
    return type === undefined ? {} : Math.max(1, schema.minimum ?? 1)
  }

  #object(schema: JsonSchema, oddity: number): unknown {
    const required = schema.required ?? []
    const entries = Object.entries(schema.properties ?? {})
      .filter(
        ([name]) =>
          required.includes(name) !== this.#dice.happens(required.includes(name) ? oddity / 2 : 0.5),
      )
      .map(([name, inner]) => {
        const known = this.#names[name]
        const usual = known !== undefined && !this.#dice.happens(oddity)
        return [name, usual ? known : this.#value(inner, oddity)] as const
      })
    if (this.#dice.happens(oddity / 4))
      entries.push([this.#dice.pick(["__proto__", "", "constructor", "\0"]), 1])
    return Object.fromEntries(entries)
  }
}
