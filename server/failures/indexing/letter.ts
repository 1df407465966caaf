import type { DeadLetterDialect, Message } from "#server/brokers/broker.ts"
import { MAX_INT4 } from "#server/inputs.ts"
import { momentOrNull } from "#server/moment.ts"
import { normaliseMessage } from "#server/normalise-message.ts"
import { type Cause, causeOf, fingerprint } from "../fingerprint.ts"
import { replayOf } from "../replay/header.ts"
import { type FailureRule, readFacts, ruleFor } from "../rules.ts"

/** Headers that are seen to carry the version of the consumer that failed. */
const VERSIONS = ["service.version", "x-service-version", "service-version", "x-app-version", "app-version"]
const EXAMPLE_MESSAGE = 1000
const EXAMPLE_STACK = 20_000
/** Longer names and classes are cut: nobody reads on, and one header may hold a megabyte. */
const NAME = 1000
const MAX_INT8 = 2n ** 63n - 1n

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
  const { original } = facts
  return {
    offset: message.offset,
    at: momentOf(message, by.now),
    dialect,
    fingerprint: fingerprint(cause),
    cause: cut(cause),
    original: original && {
      destination: clean(original.destination, NAME) ?? "",
      partition: int4(original.partition),
      offset: int8(original.offset),
    },
    attempts: int4(facts.attempts),
    version: versionOf(message, ruleFor(destination, by.rules)?.mapping?.version),
    exampleMessage: clean(facts.exception.message, EXAMPLE_MESSAGE),
    exampleStack: clean(facts.exception.stack, EXAMPLE_STACK),
    bytes: bytesOf(message),
    replayOf: clean(replayOf(message), 100),
  }
}

function versionOf(message: Message, mapped: string | undefined): string | null {
  const names = mapped === undefined ? VERSIONS : [mapped]
  const found = message.headers.findLast((header) => names.includes(header.key))
  return clean(found?.value?.toString("utf8") ?? null, 100)
}

/**
 * A dead letter that could not be read or stored as what it is: it counts and is listed all the same, with the reason, and
 * those behind it are read.
 */
export function unreadableLetter(
  destination: string,
  message: Message,
  by: { reason: string; now: number },
): Letter {
  const text = clean(by.reason, EXAMPLE_MESSAGE) ?? ""
  const cause: Cause = {
    type: null,
    frame: null,
    group: null,
    destination,
    message: `Signalbox could not read this dead letter: ${normaliseMessage(text)}`,
  }
  return {
    offset: message.offset,
    at: momentOf(message, by.now),
    dialect: "unreadable",
    fingerprint: fingerprint(cause),
    cause,
    original: null,
    attempts: null,
    version: null,
    replayOf: null,
    exampleMessage: text,
    exampleStack: null,
    bytes: bytesOf(message),
  }
}

/** When it died; `now` where its producer wrote no moment: nanoseconds, or none at all. */
function momentOf({ timestamp }: Message, now: number): number {
  return momentOrNull(timestamp) ?? now
}

function bytesOf(message: Message): number {
  return (message.key?.length ?? 0) + (message.value?.length ?? 0)
}

function cut(cause: Cause): Cause {
  return {
    type: clean(cause.type, NAME),
    message: clean(cause.message, NAME) ?? "",
    frame: clean(cause.frame, NAME),
    group: clean(cause.group, NAME),
    destination: clean(cause.destination, NAME) ?? "",
  }
}

/** Numbers in headers are text that anybody wrote; null: beyond what the column holds. */
function int4(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && Math.abs(value) <= MAX_INT4 ? value : null
}

function int8(value: bigint | null): bigint | null {
  return value !== null && value >= -MAX_INT8 && value <= MAX_INT8 ? value : null
}

/** PostgreSQL stores no NUL in text, and a cut must not leave half of a character. */
function clean(text: string | null, most: number): string | null {
  return text === null ? null : text.slice(0, most).replaceAll("\0", "").toWellFormed()
}
