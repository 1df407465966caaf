"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useMemo } from "react"
import { HOME } from "#app/(console)/home.ts"
import { Allowed } from "#app/access/allowed.tsx"
import { withBasePath } from "#app/base-path.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Query } from "#app/ui/states.tsx"
import { toSegment } from "#server/segment.ts"
import { mainRoot, treeOf } from "#server/traces/analysis/tree.ts"
import type { TraceView } from "#server/traces/index.ts"
import { Copy } from "../trace/attributes.tsx"
import { ShownTrace } from "../trace/shown-trace.tsx"
import { traceParams } from "../trace/trace-params.ts"

const ABOVE = [...HOME, { href: "/traces", label: "Traces" }]
const EVERY = 100_000

/** One stored trace. */
export function TracePage({ traceId }: { traceId: string }) {
  const trpc = useTRPC()
  const [{ every }] = useQueryStates(traceParams)
  const trace = useQuery({
    ...trpc.traces.get.queryOptions({ traceId, ...(every ? { limit: EVERY } : {}) }),
    placeholderData: keepPreviousData,
    // Comparing many spans with those before takes longer than drawing them.
    structuralSharing: false,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  })
  const title = useMemo(() => titleOf(trace.data), [trace.data])
  return (
    <>
      <PageHead above={ABOVE} title={title} kind="trace" acts={<Downloads traceId={traceId} />}>
        <p className="mono quiet slim">
          {traceId} <Copy text={traceId} label="Copy the trace id" />
        </p>
      </PageHead>
      <Allowed permission="trace.read">
        <Query of={trace}>{(found) => <ShownTrace source={{ trace: found, file: null }} />}</Query>
      </Allowed>
    </>
  )
}

function Downloads({ traceId }: { traceId: string }) {
  const address = (format: string) => withBasePath(`/api/traces/${toSegment(traceId)}?format=${format}`)
  return (
    <>
      <a className="field" href={address("otlp")} download>
        Download OTLP
      </a>
      <a className="field" href={address("jaeger")} download>
        Download Jaeger
      </a>
    </>
  )
}

function titleOf(trace: TraceView | undefined): string {
  const root = trace ? mainRoot(treeOf(trace.spans)) : null
  return root ? `${root.span.service} ${root.span.name}` : "Trace"
}
