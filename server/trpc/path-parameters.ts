import { TRPCError } from "@trpc/server"
import { fromSegment } from "#server/segment.ts"

/** The names in braces of an HTTP path: `/clusters/{cluster}/groups/{group}` has `cluster` and `group`. */
function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].flatMap((match) => match[1] ?? [])
}

/**
 * `input` with every parameter of `path` as the name that it stands for (server/segment.ts): trpc-to-openapi takes them
 * from the URL as they are, so that a group `a/b` would be read as `a%2Fb`. Throws `BAD_REQUEST` for an escape that is malformed or not UTF-8.
 */
export function decodeParameters(path: string, input: unknown): unknown {
  if (typeof input !== "object" || input === null) return input
  const given = new Map<string, unknown>(Object.entries(input))
  for (const name of parametersOf(path)) {
    const value = given.get(name)
    if (typeof value === "string") given.set(name, decodeParameter(name, value))
  }
  return Object.fromEntries(given)
}

function decodeParameter(name: string, value: string): string {
  try {
    return fromSegment(value)
  } catch {
    const shown = value.slice(0, 200)
    throw new TRPCError({
      code: "BAD_REQUEST",
      message: `The path parameter ${name} has a malformed percent escape: ${shown}. Encode it as UTF-8, and "%" as %25.`,
    })
  }
}
