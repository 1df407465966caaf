import { Liquid } from "liquidjs"
import { DomainError, messageOf } from "#server/errors.ts"

/** What a template may cost: it is written by people, and rendered for every alert. */
const LIMITS = { parseLimit: 20_000, renderLimit: 500, memoryLimit: 1_000_000 }
const MAX_TEXT = 4000
const MAX_CACHED = 1000

const engine = new Liquid({
  ...LIMITS,
  ownPropertyOnly: true,
  cache: MAX_CACHED,
  strictFilters: true,
  // Nothing can be read: by default these tags read files of the working directory, where our key is.
  templates: {},
})
/** Tags that put another template in. Without them, one that wants to is refused when it is saved. */
for (const tag of ["include", "render", "layout", "block"]) delete engine.tags[tag]

/** What is wrong with a Liquid template, in a sentence; null: nothing. */
export function templateProblem(source: string): string | null {
  try {
    parseTemplate(source)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** A Liquid template, ready to be rendered. Throws `bad_input` that says what is wrong with it. */
export function parseTemplate(source: string): (scope: Readonly<Record<string, unknown>>) => string {
  try {
    const parsed = engine.parse(source)
    return (scope) => String(engine.renderSync(parsed, scope)).slice(0, MAX_TEXT)
  } catch (error) {
    throw new DomainError("bad_input", `The template cannot be read: ${messageOf(error)}.`)
  }
}
