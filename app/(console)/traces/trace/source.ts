"use client"

import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import type { SpanDetail, SpanView, TraceView } from "#server/traces/index.ts"

/** A trace that is looked at: a stored one, or one of a file, which is nowhere but on this page. */
export interface TraceSource {
  trace: TraceView
  /** All of a span, of a file. */
  file: ((span: SpanView) => SpanDetail | null) | null
}

const TYPING_MS = 300
const ALWAYS = Number.POSITIVE_INFINITY

/** Other traces' spans at the ends of links. */
export function useLinked({ trace, file }: TraceSource) {
  const trpc = useTRPC()
  return useQuery({
    ...trpc.traces.linked.queryOptions({ traceId: trace.traceId }),
    enabled: file === null,
    staleTime: 60_000,
  })
}

/** All of a span; of a stored one it is asked for. */
export function useDetail({ trace, file }: TraceSource, span: SpanView) {
  const trpc = useTRPC()
  const { spanId, kind } = span
  const asked = useQuery({
    ...trpc.traces.span.queryOptions({ traceId: trace.traceId, spanId, kind }),
    enabled: file === null,
    staleTime: ALWAYS,
  })
  if (!file) return asked
  return { data: file(span) ?? undefined, error: null, refetch: () => undefined }
}

/** Ids of the spans that have a text anywhere in what was sent with them. */
export function useFound({ trace, file }: TraceSource, text: string): ReadonlySet<string> {
  const trpc = useTRPC()
  const settled = useDebounced(text.trim(), TYPING_MS)
  const { data } = useQuery({
    ...trpc.traces.find.queryOptions({ traceId: trace.traceId, text: settled }),
    enabled: file === null && settled !== "",
    staleTime: ALWAYS,
  })
  return useMemo(() => {
    if (file && settled !== "") return foundInFile({ spans: trace.spans, file }, settled.toLowerCase())
    return new Set(settled === "" ? [] : data)
  }, [trace, file, settled, data])
}

interface InFile {
  spans: readonly SpanView[]
  file: NonNullable<TraceSource["file"]>
}

function foundInFile({ spans, file }: InFile, needle: string): ReadonlySet<string> {
  const has = (text: string) => text.toLowerCase().includes(needle)
  const isFound = (span: SpanView) => {
    const detail = file(span)
    const all = [...(detail?.attributes ?? []), ...(detail?.resource ?? [])]
    const events =
      detail?.events.flatMap((event) => [{ key: event.name, value: "" }, ...event.attributes]) ?? []
    return [...all, ...events].some(({ key, value }) => has(key) || has(value))
  }
  return new Set(spans.filter(isFound).map(({ spanId }) => spanId))
}
