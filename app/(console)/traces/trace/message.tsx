"use client"

import { Fact } from "#app/ui/fact.tsx"
import { count } from "#app/ui/format.ts"
import type { Queue } from "#server/traces/analysis/queues.ts"
import type { SpanView } from "#server/traces/index.ts"
import { MessageLinks } from "../message-links.tsx"
import { took } from "./took.ts"

interface Props {
  message: NonNullable<SpanView["message"]>
  queue: Queue<SpanView> | null
}

/** The message that a span is about, and the way to it. */
export function MessageOf({ message, queue }: Props) {
  const { destination, partition, offset, group } = message
  return (
    <section aria-label="Message">
      <h3>Message {message.operation === "send" ? "sent" : "received"}</h3>
      <dl className="facts">
        <Fact term="Destination">{destination || "not named"}</Fact>
        {partition !== null && <Fact term="Partition">{partition}</Fact>}
        {offset !== null && <Fact term="Offset">{offset}</Fact>}
        {group !== null && <Fact term="Group">{group}</Fact>}
        {queue && (
          <Fact term="Time in the queue">
            {queue.isBefore ? "received before it was sent, by its clock" : took(queue.toNs - queue.fromNs)}
            {queue.messages > 1 && ` (the longest of ${count(queue.messages)})`}
          </Fact>
        )}
      </dl>
      <MessageLinks message={message} />
    </section>
  )
}
