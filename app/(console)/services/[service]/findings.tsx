"use client"

import { IconAlertTriangle } from "@tabler/icons-react"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { tracePath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import type { OfService } from "./of-service.ts"

/** What stands out in how it calls and is called: retries, many calls, timeouts, repeated messages; each with a trace. */
export function Findings({ of }: { of: OfService }) {
  const { data } = useQuery({
    ...useTRPC().traces.neighbours.queryOptions(of),
    placeholderData: keepPreviousData,
  })
  if (!data || data.findings.length === 0) return null
  return (
    <section className="panel" aria-label="What stands out">
      <h2>What stands out</h2>
      <ul className="findings">
        {data.findings.map(({ kind, sentence, traceId }) => (
          <li key={`${kind} ${sentence}`}>
            <IconAlertTriangle className="warn" size={16} aria-hidden="true" />
            <span className="grow wrap">{sentence}</span>
            <Link href={tracePath(traceId)}>Open a trace</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
