"use client"

import { useQuery } from "@tanstack/react-query"
import { parseAsString, useQueryState } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { count, exactMoment, latency } from "#app/ui/format.ts"
import { Query } from "#app/ui/states.tsx"
import type { TraceView } from "#server/traces/index.ts"
import { SpanRow } from "./span.tsx"

/** One trace: its spans below each other, each where it began and as long as it took. */
export function TracePage({ traceId }: { traceId: string }) {
  const trpc = useTRPC()
  const trace = useQuery(trpc.traces.get.queryOptions({ traceId }))
  return (
    <>
      <h1>Trace</h1>
      <p className="mono quiet slim">{traceId}</p>
      <Query of={trace}>{(found) => <Waterfall trace={found} />}</Query>
    </>
  )
}

function Waterfall({ trace }: { trace: TraceView }) {
  /** The span that is open at first. */
  const [chosen] = useQueryState("span", parseAsString)
  return (
    <>
      <section className="panel" aria-label="Summary">
        <dl className="facts">
          <Fact term="Began">{exactMoment(trace.startMs)}</Fact>
          <Fact term="Took">{latency(trace.durationMs)}</Fact>
          <Fact term="Spans">{count(trace.spans.length)}</Fact>
          <Fact term="Errors">{count(trace.errors)}</Fact>
          <Fact term="Services">{trace.services.join(", ")}</Fact>
        </dl>
        {trace.isCut && <p className="warn">The trace has more spans than are shown here.</p>}
      </section>
      <section className="panel" aria-label="Spans">
        <ol className="waterfall">
          {trace.spans.map((span) => (
            <SpanRow
              key={`${span.spanId} ${span.kind}`}
              span={span}
              trace={trace}
              open={span.spanId === chosen}
            />
          ))}
        </ol>
      </section>
    </>
  )
}
