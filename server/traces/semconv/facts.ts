import { CONSUMER, PRODUCER } from "../kinds.ts"
import { CONCEPTS, type Concept, type ConceptName } from "./table.ts"

/** A name of an attribute that the table knows: which concept it is, and how much it counts among its names. */
export interface Alias {
  concept: Concept & { name: ConceptName }
  rank: number
}

const ALIASES: ReadonlyMap<string, Alias> = new Map(
  CONCEPTS.flatMap((concept) => concept.from.map((name, rank) => [name, { concept, rank }] as const)),
)

/** What an attribute's name means; undefined for those that have one name only. */
export function aliasOf(key: string): Alias | undefined {
  return ALIASES.get(key)
}

/** What a span says of itself, in the newest names and words, whichever it was sent in. */
export class Facts {
  readonly #values = new Map<ConceptName, { text: string; rank: number }>()

  /** An attribute as it came, its value as text. */
  add({ concept, rank }: Alias, text: string): void {
    const known = this.#values.get(concept.name)
    if (known && known.rank <= rank) return
    this.#values.set(concept.name, { text: concept.value ? concept.value(text) : text, rank })
  }

  get(name: ConceptName): string | undefined {
    return this.#values.get(name)?.text
  }
}

/** A message that a span sent, received or processed. */
export interface MessageFacts {
  system: string
  destination: string
  operation: "send" | "receive"
  group: string | null
  partition: string | null
  offset: string | null
}

/** The message that a span is about; null for a span that is about none. */
export function messageOf(facts: Facts, kind: number): MessageFacts | null {
  const destination = destinationOf(facts)
  const system = facts.get("messaging.system") ?? (facts.get("celery.action") ? "celery" : undefined)
  if (destination === undefined && system === undefined) return null
  const type = facts.get("messaging.operation.type")
  const sends = kind === PRODUCER || type === "send" || type === "create"
  if (!sends && kind !== CONSUMER && type !== "receive" && type !== "process") return null
  return {
    system: system ?? "",
    destination: destination ?? "",
    operation: sends ? "send" : "receive",
    group: facts.get("messaging.consumer.group.name") ?? null,
    partition: facts.get("messaging.destination.partition.id") ?? null,
    offset: facts.get("messaging.kafka.offset") ?? null,
  }
}

/**
 * RabbitMQ's destination is "exchange:routing key:queue" in the newest conventions, and the exchange alone before; on
 * the default exchange, the queue is the routing key.
 */
function destinationOf(facts: Facts): string | undefined {
  const name = facts.get("messaging.destination.name")
  if (facts.get("messaging.system") !== "rabbitmq" || name === undefined) return name
  const [exchange = "", key, queue] = name.split(":")
  if (queue !== undefined && queue !== "") return queue
  const isDefault = exchange === "" || exchange === "<default>" || exchange === "amq.default"
  return isDefault ? (key ?? facts.get("messaging.rabbitmq.destination.routing_key") ?? name) : exchange
}

/** The system by which a span calls or is called, such as grpc, http, kafka or postgresql; "" for none of these. */
export function systemOf(facts: Facts): string {
  const rpc = facts.get("rpc.system.name")
  if (rpc !== undefined) return rpc
  const messaging = facts.get("messaging.system") ?? (facts.get("celery.action") ? "celery" : undefined)
  if (messaging !== undefined) return messaging
  const database = facts.get("db.system.name")
  if (database !== undefined) return database
  if (facts.get("graphql.operation.type") !== undefined) return "graphql"
  return facts.get("http.request.method") === undefined ? "" : "http"
}
