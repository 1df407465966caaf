import type { DeadLetterDialect, Message } from "#server/brokers/broker.ts"
import { type Cause, causeOf, fingerprint } from "../fingerprint.ts"
import { replayOf } from "../replay/header.ts"
import { type FailureRule, readFacts, ruleFor } from "../rules.ts"

/** Headers that are seen to carry the version of the consumer that failed. */
const VERSIONS = ["service.version", "x-service-version", "service-version", "x-app-version", "app-version"]
const EXAMPLE_MESSAGE = 1000
const EXAMPLE_STACK = 20_000

/** A dead letter as it is stored: without key, value and headers. */
export interface Letter {
  offset: bigint
  /** When it died, ms. */
  at: number
  dialect: string
  fingerprint: string
  cause: Cause
  original: { destination: string; partition: number | null; offset: bigint | null } | null
  attempts: number | null
  version: string | null
  exampleMessage: string | null
  exampleStack: string | null
  bytes: number
  /** The replay that it had come from before it failed again. */
  replayOf: string | null
}

/** A message of a dead-letter destination as it is stored. `now` stands in where the broker kept no time. */
export function toLetter(
  destination: string,
  message: Message,
  by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[]; now: number },
): Letter {
  const { facts, dialect } = readFacts(destination, message, by)
  const cause = causeOf(facts, destination)
  return {
    offset: message.offset,
    at: message.timestamp ?? by.now,
    dialect,
    fingerprint: fingerprint(cause),
    cause,
    original: facts.original,
    attempts: facts.attempts,
    version: versionOf(message, ruleFor(destination, by.rules)?.mapping?.version),
    exampleMessage: clean(facts.exception.message, EXAMPLE_MESSAGE),
    exampleStack: clean(facts.exception.stack, EXAMPLE_STACK),
    bytes: (message.key?.length ?? 0) + (message.value?.length ?? 0),
    replayOf: replayOf(message),
  }
}

function versionOf(message: Message, mapped: string | undefined): string | null {
  const names = mapped === undefined ? VERSIONS : [mapped]
  const found = message.headers.findLast((header) => names.includes(header.key))
  return clean(found?.value?.toString("utf8") ?? null, 100)
}

/** PostgreSQL stores no NUL in text. */
function clean(text: string | null, most: number): string | null {
  return text === null ? null : text.slice(0, most).replaceAll("\0", "")
}
