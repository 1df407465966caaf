"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { messagePath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import type { SpanView } from "#server/traces/index.ts"

type Message = NonNullable<SpanView["message"]>

/** The way from a span to the message that it sent or received, on every cluster that has its topic. */
export function MessageLinks({ message }: { message: Message }) {
  const { destination, partition, offset } = message
  const isPlaced = destination !== "" && partition !== null && offset !== null
  const { data } = useQuery({
    ...useTRPC().traces.messagePlaces.queryOptions({ destinations: [destination] }),
    enabled: isPlaced,
  })
  if (!isPlaced || data === undefined || data.length === 0) return null
  return (
    <ul className="row" aria-label="Message">
      {data.map(({ cluster }) => (
        <li key={cluster}>
          <Link href={messagePath({ cluster, topic: destination, partition, offset })}>
            Open message {destination} {partition}/{offset} on {cluster}
          </Link>
        </li>
      ))}
    </ul>
  )
}
