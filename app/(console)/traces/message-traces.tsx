"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { latency } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"
import type { MessageTrace } from "#server/traces/index.ts"

interface Place {
  destination: string
  partition: number
  offset: string
  /** In decimal digits, as messages have it. */
  at: string | null
  headers?: readonly { name: string; text: string | null }[]
}

interface Props {
  cluster: string
  messages: readonly Place[]
  /** A panel of its own with this heading; by default a part of what is said of one message. */
  panel?: string
}

/** The traces that messages are part of; nothing for those who may not see traces. */
export function MessageTraces({ cluster, messages, panel }: Props) {
  const trpc = useTRPC()
  const isOffered = useRefusal("trace.read") === null
  const found = useQuery({
    ...trpc.traces.ofMessages.queryOptions({ cluster, messages: messages.map(asked) }),
    enabled: isOffered && messages.length > 0,
  })
  if (!isOffered || messages.length === 0) return null
  return (
    <section className={panel && "panel"} aria-label={panel ?? "Traces"}>
      {panel ? <h2>{panel}</h2> : <h3 className="quiet help">Traces</h3>}
      <Query of={found}>{(all) => <List traces={once(all.flat())} of={messages.length} />}</Query>
    </section>
  )
}

/** Times before 1970 and beyond what a date holds are left out. */
const LATEST_MS = 8.64e15

function asked({ headers, at, ...place }: Place) {
  const ms = at === null ? Number.NaN : Number(at)
  return {
    ...place,
    at: ms >= 0 && ms <= LATEST_MS ? ms : null,
    traceparent:
      headers?.find(({ name }) => name.toLowerCase() === "traceparent")?.text?.slice(0, 200) ?? null,
  }
}

function once(traces: readonly MessageTrace[]): MessageTrace[] {
  return [...new Map(traces.map((trace) => [trace.traceId, trace])).values()]
}

function List({ traces, of }: { traces: readonly MessageTrace[]; of: number }) {
  if (traces.length === 0)
    return (
      <p className="quiet">
        {of === 1
          ? "No span names this message, and it has no traceparent header."
          : "No span names any of these messages."}
      </p>
    )
  return (
    <ul>
      {traces.map((trace) => (
        <li key={trace.traceId}>
          <Trace trace={trace} />
        </li>
      ))}
    </ul>
  )
}

function Trace({ trace: { traceId, spans, isStored } }: { trace: MessageTrace }) {
  const short = traceId.slice(0, 8)
  if (!isStored)
    return (
      <span className="quiet">
        {short}…, named by its header: no span of it is stored. It may be older than spans are kept, or not
        sampled.
      </span>
    )
  const [first] = spans
  return (
    <>
      <Link className="mono" href={`/traces/${traceId}`}>
        {short}…
      </Link>
      {first && (
        <span className="quiet">
          {" "}
          {spans.map((span) => `${span.service} ${span.name} (${latency(span.durationMs)})`).join(", ")},{" "}
          <Moment at={first.startMs} />
        </span>
      )}
    </>
  )
}
