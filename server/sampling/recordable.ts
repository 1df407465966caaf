import type { Problem, ProblemPart, Sampled } from "#server/brokers/broker.ts"
import { isStorable } from "#server/storable.ts"

const SHOWN_LENGTH = 100

/**
 * A sample without what cannot be stored, each of which is named as a problem instead: whoever commits offsets chooses
 * the names of groups, and one of them must not stop the sweep of all others.
 */
export function recordable(sampled: Sampled): Sampled {
  const groups = checked(sampled.groups, (group) => ({ kind: "group", group }))
  const destinations = checked(sampled.destinations, (destination) => ({ kind: "destination", destination }))
  return {
    ...sampled,
    groups: groups.kept,
    destinations: destinations.kept,
    problems: [...groups.problems, ...destinations.problems, ...sampled.problems],
  }
}

function checked<Named extends { name: string }>(
  all: readonly Named[],
  partOf: (name: string) => ProblemPart,
) {
  const seen = new Set<string>()
  const kept: Named[] = []
  const problems: Problem[] = []
  for (const one of all) {
    const reason = refusal(one.name, seen)
    seen.add(one.name)
    if (reason === null) kept.push(one)
    else problems.push(problemOf(partOf(one.name), { name: one.name, reason }))
  }
  return { kept, problems }
}

function refusal(name: string, seen: ReadonlySet<string>): string | null {
  if (!isStorable(name)) return "its name contains a NUL character or is no valid Unicode"
  return seen.has(name) ? "another one has the same name once it is read as UTF-8" : null
}

function problemOf(part: ProblemPart, { name, reason }: { name: string; reason: string }): Problem {
  const what = part.kind === "group" ? "consumer group" : "topic"
  const shown = JSON.stringify(name.slice(0, SHOWN_LENGTH).toWellFormed())
  return {
    part,
    code: "unsupported_name",
    message: `The ${what} ${shown} is not sampled: ${reason}.`,
    reason,
  }
}
