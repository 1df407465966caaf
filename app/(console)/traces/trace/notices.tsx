"use client"

import { useQueryStates } from "nuqs"
import { count, plural } from "#app/ui/format.ts"
import { StatusStrip } from "#app/ui/page-head.tsx"
import type { Correction } from "#server/traces/analysis/skew.ts"
import type { TraceModel } from "./model.ts"
import { took } from "./took.ts"
import { traceParams } from "./trace-params.ts"
import type { TraceState } from "./use-trace-state.ts"

/** Beyond this many spans a page is slow. */
const MANY = 10_000

/** What must be known before a trace is read: errors first, then clocks that differ, then what is missing. */
export function Notices({ state }: { state: TraceState }) {
  const { model } = state
  return (
    <>
      <Origin state={state} />
      <Skewed model={model} />
      <Cut model={model} />
    </>
  )
}

function Origin({ state }: { state: TraceState }) {
  const { origin, failed } = state.model
  if (!origin) return null
  const { span } = origin
  const why = [span.failure, span.statusMessage].filter(Boolean).join(": ")
  return (
    <StatusStrip
      tone="bad"
      sentence={`${span.service} failed in ${span.name}${why === "" ? "." : `: ${why}`}`}
      advice={
        failed.length === 1
          ? "No other span failed."
          : `It failed first; ${plural(failed.length - 1, "more span", "more spans")} failed.`
      }
      act={
        <button type="button" className="field" onClick={() => state.open(origin)}>
          Open this span
        </button>
      }
    />
  )
}

function Skewed({ model }: { model: TraceModel }) {
  const [, set] = useQueryStates(traceParams, { history: "push" })
  const { skew, isCorrected } = model
  const [first, ...others] = skew.corrections
  if (!first && skew.contradicting.length === 0) return null
  if (!first)
    return (
      <StatusStrip
        tone="warn"
        sentence={`Times of ${pairsOf(model)} contradict each other.`}
        advice="One clock changed while the trace was running, or a callee continued after its caller: times are shown as they were sent."
      />
    )
  return (
    <StatusStrip
      tone="warn"
      sentence={isCorrected ? "Times are corrected: clocks of hosts differ." : "Host clocks differ."}
      advice={
        <>
          {[first, ...others].map((one) => (
            <span key={one.host} className="part">
              {sentenceOf(one, { model, isCorrected })}
            </span>
          ))}
          {skew.contradicting.length > 0 && (
            <span className="part">Times of {pairsOf(model)} contradict each other and are not used.</span>
          )}
        </>
      }
      act={
        <label className="row tight">
          <input
            type="checkbox"
            checked={isCorrected}
            onChange={(event) => void set({ correct: event.target.checked || null })}
          />
          Correct
        </label>
      }
    />
  )
}

function pairsOf({ skew }: TraceModel): string {
  return skew.contradicting.map(([one, other]) => `${one} and ${other}`).join(", ")
}

/** Which clock, by how much, how that is known, and what is moved. */
function sentenceOf(
  { host, services, byNs, withinNs, outside, spans }: Correction,
  { model, isCorrected }: { model: TraceModel; isCorrected: boolean },
): string {
  const named = services.join() === host ? host : `${host} (${services.join(", ")})`
  const amount =
    withinNs === null ? `at least ${took(Math.abs(byNs))}` : `${took(Math.abs(byNs))} ± ${took(withinNs)}`
  const way = byNs > 0 ? "behind" : "ahead of"
  const moved = `${plural(spans, "span is", "spans are")} ${isCorrected ? "moved" : "to be moved"}`
  return `${named} is ${amount} ${way} ${model.skew.reference}: ${plural(outside, "span lies", "spans lie")} outside of the call or before the message was sent; ${moved}.`
}

function Cut({ model: { trace } }: { model: TraceModel }) {
  const [{ every }, set] = useQueryStates(traceParams, { history: "push" })
  const shown = trace.spans.length
  if (shown === trace.total && !trace.isCut && trace.total <= MANY) return null
  return (
    <StatusStrip
      tone="warn"
      sentence={
        shown < trace.total
          ? `The first ${count(shown)} of ${count(trace.total)} spans are shown.`
          : `The trace has ${trace.isCut ? "more than " : ""}${count(trace.total)} spans.`
      }
      advice={
        shown < trace.total
          ? "Critical path and self times are those of the spans shown. More of them make the page slow."
          : trace.isCut
            ? "More are not read; critical path and self times are those of the spans shown."
            : "The page may be slow."
      }
      act={
        !every &&
        shown < trace.total && (
          <button type="button" className="field" onClick={() => void set({ every: true })}>
            Show all {count(trace.total)}
          </button>
        )
      }
    />
  )
}
