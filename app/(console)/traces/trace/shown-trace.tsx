"use client"

import { useQueryStates } from "nuqs"
import { Fact } from "#app/ui/fact.tsx"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Tabs } from "#app/ui/tabs.tsx"
import { CompareTraces } from "./compare.tsx"
import { CriticalPath } from "./critical.tsx"
import { SpanDrawer } from "./detail.tsx"
import { FlameGraph } from "./flame.tsx"
import { Minimap } from "./minimap.tsx"
import type { TraceModel } from "./model.ts"
import { Notices } from "./notices.tsx"
import { OperationsTable } from "./operations-table.tsx"
import type { TraceSource } from "./source.ts"
import { took } from "./took.ts"
import { TraceTools } from "./tools.tsx"
import { traceParams } from "./trace-params.ts"
import { useTraceState } from "./use-trace-state.ts"
import { Waterfall } from "./waterfall.tsx"

const NAMES = { waterfall: "Waterfall", operations: "Operations", flame: "Flame graph", compare: "Compare" }

/** A trace: what stands out, where its time went, and its spans in three views. */
export function ShownTrace({ source }: { source: TraceSource }) {
  const state = useTraceState(source)
  const [{ tab }, set] = useQueryStates(traceParams, { history: "push" })
  return (
    <>
      <Summary model={state.model} />
      <Notices state={state} />
      <CriticalPath state={state} />
      <Tabs label="Views" tabs={NAMES} chosen={tab} choose={(next) => void set({ tab: next })} />
      {tab === "waterfall" && (
        <section className="panel" aria-label="Waterfall">
          <TraceTools state={state} />
          <Minimap model={state.model} seen={state.seen} show={state.show} />
          <Waterfall model={state.model} state={state} />
          <Legend />
        </section>
      )}
      {tab === "operations" && <OperationsTable state={state} />}
      {tab === "flame" && <FlameGraph state={state} />}
      {tab === "compare" && <CompareTraces state={state} />}
      <SpanDrawer source={source} state={state} />
    </>
  )
}

function Summary({ model }: { model: TraceModel }) {
  const { trace, root } = model
  return (
    <section className="panel" aria-label="Summary">
      <dl className="facts">
        <Fact term="Began">
          <Moment at={trace.startMs} />
        </Fact>
        {root && (
          <Fact term={root.top === "root" ? "Response" : "Longest span"}>
            {took(root.span.endNs - root.span.startNs)}
          </Fact>
        )}
        <Fact term="Until the last span">{took(model.toNs - model.fromNs)}</Fact>
        <Fact term="Spans">{count(trace.total)}</Fact>
        <Fact term="Errors">
          <span className={trace.errors > 0 ? "bad" : undefined}>{count(trace.errors)}</span>
        </Fact>
        <Fact term="Services">{trace.services.join(", ")}</Fact>
      </dl>
    </section>
  )
}

function Legend() {
  return (
    <p className="waterfall-legend quiet slim">
      <span className="entry">
        <i className="span-bar rpc" /> call
      </span>
      <span className="entry">
        <i className="span-bar send" /> message sent
      </span>
      <span className="entry">
        <i className="span-bar receive" /> received
      </span>
      <span className="entry">
        <i className="span-bar query" /> query
      </span>
      <span className="entry">
        <i className="span-bar inner" /> within the service
      </span>
      <span className="entry">
        <i className="span-queue" /> in the queue
      </span>
      <span className="entry">
        <i className="span-path self" /> critical path
      </span>
      <span className="entry wide-only">
        Keys: arrows, Enter, n and p for what was found, e for errors, + − 0 to zoom
      </span>
    </p>
  )
}
