import type { DeadLetterDialect, DeadLetterFacts, Message } from "../../broker.ts"
import { decimal, Headers, text } from "./headers.ts"
import { originalName } from "./named.ts"

/** The headers that hold each fact. All of it is UTF-8 text, numbers too. */
interface Names {
  /** Absent: no header says it, so the name of the destination does. */
  topic?: string
  partition?: string
  offset?: string
  /** In ms. */
  timestamp?: string
  group?: string
  type?: string
  message?: string
  stack?: string
  attempts?: string
}

interface InText {
  id: string
  name: string
  /** Names of destinations that are this framework's alone; absent: they are free. */
  claims?: RegExp
  /** Headers that only this framework writes: a message that has them all is one of its. */
  marks: readonly string[]
  names: Names
  /** Further headers that it adds. */
  alsoOwn?: readonly string[]
  /** Where the newest stands when a dead letter dies again and a header comes twice; default: last. */
  newest?: "first" | "last"
}

/** The dialect of a framework that writes all it says into headers of fixed names, as text. */
export function inText(of: InText): DeadLetterDialect {
  const own = new Set([...Object.values(of.names), ...(of.alsoOwn ?? [])])
  return {
    id: of.id,
    name: of.name,
    claims: (destination) => of.claims?.test(destination) ?? false,
    read: (destination, message) => {
      const headers = new Headers(message)
      return of.marks.every((mark) => headers.has(mark)) ? factsOf(of, destination, message) : null
    },
    isOwnHeader: (header) => own.has(header),
  }
}

function factsOf({ names, newest = "last" }: InText, destination: string, message: Message): DeadLetterFacts {
  const headers = new Headers(message)
  const [first, last] = newest === "last" ? (["first", "last"] as const) : (["last", "first"] as const)
  const oldest = (name: string | undefined) => (name === undefined ? null : headers[first](name))
  const latest = (name: string | undefined) => (name === undefined ? null : text(headers[last](name)))
  const topic = names.topic === undefined ? originalName(destination) : text(oldest(names.topic))
  return {
    original:
      topic === null
        ? null
        : {
            destination: topic,
            partition: small(oldest(names.partition)),
            offset: decimal(oldest(names.offset)),
            timestamp: decimal(oldest(names.timestamp)),
          },
    group: latest(names.group),
    exception: { type: latest(names.type), message: latest(names.message), stack: latest(names.stack) },
    attempts: small(names.attempts === undefined ? null : headers[last](names.attempts)),
  }
}

function small(value: Buffer | null): number | null {
  const number = decimal(value)
  return number === null ? null : Number(number)
}
