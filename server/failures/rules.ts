import type { DeadLetterDialect, DeadLetterFacts, Message } from "#server/brokers/broker.ts"
import { fitsName } from "#server/fits-name.ts"
import { type HeaderMapping, mappedDialect } from "./mapping.ts"

/** A rule of the user's: destinations of this name hold dead letters, or do not. */
export interface FailureRule {
  /** `*` stands for anything. */
  pattern: string
  holds: boolean
  mapping: HeaderMapping | null
}

/**
 * Whether a destination holds dead letters. 1. The most precise rule of the user's that matches decides. 2. Else the
 * conventions of the dialects. Internal destinations never do.
 */
export function holdsDeadLetters(
  destination: string,
  by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[] },
): boolean {
  const rule = ruleFor(destination, by.rules)
  return rule ? rule.holds : by.dialects.some((dialect) => dialect.claims(destination))
}

/** What a dead letter tells, and in which dialect: the user's mapping first, then the dialects in order of trust. */
export function readFacts(
  destination: string,
  message: Message,
  by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[] },
): { facts: DeadLetterFacts; dialect: string } {
  for (const dialect of dialectsFor(destination, by)) {
    const facts = dialect.read(destination, message)
    if (facts) return { facts, dialect: dialect.id }
  }
  const exception = { type: null, message: null, stack: null }
  return { facts: { original: null, group: null, exception, attempts: null }, dialect: "unknown" }
}

/** The dialects that may read a destination, in order of trust. */
export function dialectsFor(
  destination: string,
  by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[] },
): DeadLetterDialect[] {
  const mapping = ruleFor(destination, by.rules)?.mapping
  return mapping ? [mappedDialect(mapping), ...by.dialects] : [...by.dialects]
}

/** The rule that decides: a name without * before one with, then the longer pattern. */
export function ruleFor(destination: string, rules: readonly FailureRule[]): FailureRule | null {
  const matching = rules.filter((rule) => fitsName(rule.pattern, destination))
  matching.sort((a, b) => stars(a) - stars(b) || b.pattern.length - a.pattern.length)
  return matching[0] ?? null
}

function stars(rule: FailureRule): number {
  return rule.pattern.split("*").length - 1
}
