import { type Attributes, type Context, type Link, SpanKind, trace } from "@opentelemetry/api"
import { contextOf, type SpanOf } from "./spans.ts"

/** A message that is being processed. */
export interface Received {
  group: string
  client: string
  topic: string
  partition: number
  offset: string
  headers: Readonly<Record<string, unknown>>
}

/** The span of one message, in the sender's trace (opentelemetry.io/docs/specs/semconv/messaging/kafka). */
export function processing({ headers, offset, ...of }: Received): SpanOf {
  const correlation = headers["correlation-id"]
  return {
    name: `process ${of.topic}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      ...reading(of),
      "messaging.kafka.offset": Number(offset),
      ...(correlation === undefined ? {} : { "messaging.message.conversation_id": String(correlation) }),
    },
    parent: contextOf(headers),
  }
}

/** The span of a batch: a trace of its own, with links to those of its messages. */
export function processingBatch(
  of: Omit<Received, "offset" | "headers">,
  messages: readonly { headers?: Received["headers"] }[],
): SpanOf {
  return {
    name: `process ${of.topic}`,
    kind: SpanKind.CONSUMER,
    attributes: { ...reading(of), "messaging.batch.message_count": messages.length },
    links: messages.flatMap(({ headers = {} }) => linkTo(contextOf(headers))),
  }
}

function linkTo(at: Context): Link[] {
  const context = trace.getSpanContext(at)
  return context ? [{ context }] : []
}

function reading({ group, client, topic, partition }: Omit<Received, "offset" | "headers">): Attributes {
  return {
    "messaging.system": "kafka",
    "messaging.operation.name": "process",
    "messaging.operation.type": "process",
    "messaging.destination.name": topic,
    "messaging.destination.partition.id": String(partition),
    "messaging.consumer.group.name": group,
    "messaging.client.id": client,
  }
}

/** The span of a message that is sent: from when it is given to the producer until the brokers have it. */
export function sending(of: { topic: string; client: string; key: string; correlation?: string }): SpanOf {
  return {
    name: `send ${of.topic}`,
    kind: SpanKind.PRODUCER,
    attributes: {
      "messaging.system": "kafka",
      "messaging.operation.name": "send",
      "messaging.operation.type": "send",
      "messaging.destination.name": of.topic,
      "messaging.client.id": of.client,
      "messaging.kafka.message.key": of.key,
      ...(of.correlation === undefined ? {} : { "messaging.message.conversation_id": of.correlation }),
    },
  }
}
