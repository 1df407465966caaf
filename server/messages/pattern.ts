import { RE2JS } from "re2js"
import { DomainError, messageOf } from "#server/errors.ts"

export interface Pattern {
  test(text: string): boolean
  replace(text: string, replacement: (found: string) => string): string
}

/**
 * A regular expression in RE2's syntax. It runs in time linear in the text, whatever the expression: there are no look-arounds
 * and no back-references to run away with. Throws a DomainError that says what is wrong with it.
 */
export function compilePattern(source: string): Pattern {
  const compiled = compile(source)
  return {
    test: (text) => compiled.matcher(text).find(),
    replace: (text, replacement) => {
      const matcher = compiled.matcher(text)
      let replaced = ""
      let from = 0
      while (matcher.find()) {
        replaced +=
          text.slice(from, matcher.start()) + replacement(text.slice(matcher.start(), matcher.end()))
        from = matcher.end()
      }
      return replaced + text.slice(from)
    },
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    throw new DomainError("bad_input", `This regular expression cannot be read: ${messageOf(error)}.`)
  }
}
