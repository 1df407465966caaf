"use client"

import { MessageTraces } from "#app/(console)/traces/message-traces.tsx"
import type { LetterRow } from "#server/failures/index.ts"

/** The traces in which messages failed, by the partitions and offsets that spans name. */
export function LetterTraces({ cluster, letters }: { cluster: string; letters: readonly LetterRow[] }) {
  const messages = letters.flatMap(({ at, destination, partition, offset, original }) => {
    // An attempt fails when its dead letter is written, whenever the original was.
    const dead = { destination, partition, offset, at: String(at) }
    return original && original.partition !== null && original.offset !== null
      ? [
          dead,
          {
            ...{ destination: original.destination, partition: original.partition },
            ...{ offset: original.offset, at: dead.at },
          },
        ]
      : [dead]
  })
  return <MessageTraces cluster={cluster} messages={messages} panel="Traces of this failure" />
}
