"use client"

import { useQueryStates } from "nuqs"
import { percent, plural } from "#app/ui/format.ts"
import { Select } from "#app/ui/select.tsx"
import type { SpanNode, TraceModel } from "./model.ts"
import { took } from "./took.ts"
import { traceParams } from "./trace-params.ts"
import type { TraceState } from "./use-trace-state.ts"

const MAX_PARTS = 5

interface Part {
  key: string
  label: string
  ns: number
  spans: number
  /** The span with most of it. */
  longest: { node: SpanNode; ns: number }
}

/** Where the time went: what is on the critical path, the most first. */
export function CriticalPath({ state }: { state: TraceState }) {
  const [{ path }, set] = useQueryStates(traceParams, { history: "push" })
  const { model } = state
  const parts = partsOf(model)
  const whole = parts.reduce((sum, { ns }) => sum + ns, 0)
  const rest = parts.slice(MAX_PARTS)
  if (whole === 0) return null
  return (
    <section className="panel" aria-label="Critical path">
      <div className="row">
        <h2 className="grow">
          Critical path <span className="quiet num">{took(whole)}</span>
        </h2>
        <Select
          label="Up to"
          value={path}
          options={[
            { value: "response", label: "up to the response" },
            { value: "all", label: "up to the last span" },
          ]}
          onChange={(next) => void set({ path: next })}
        />
      </div>
      <ol className="path-parts">
        {parts.slice(0, MAX_PARTS).map((part) => (
          <li key={part.key}>
            <button type="button" className="link" onClick={() => state.open(part.longest.node)}>
              {part.label}
            </button>
            <span className="quiet">{part.spans > 1 && plural(part.spans, "span", "spans")}</span>
            <span className="num">{took(part.ns)}</span>
            <span className="num quiet">{percent(part.ns / whole)}</span>
            <span className="share">
              <span style={{ inlineSize: `${(part.ns / whole) * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
      {rest.length > 0 && (
        <p className="quiet slim">
          {plural(rest.length, "more operation", "more operations")}:{" "}
          {took(rest.reduce((sum, { ns }) => sum + ns, 0))}
        </p>
      )}
    </section>
  )
}

const IN_WORDS = { self: "", queue: ": message in the queue", idle: ": nothing ran" }

function partsOf({ path }: TraceModel): Part[] {
  const parts = new Map<string, Part>()
  const seen = new Set<string>()
  for (const { node, fromNs, toNs, is } of path) {
    const { service, name, spanId } = node.span
    const label = `${service} ${name}${IN_WORDS[is]}`
    const ns = toNs - fromNs
    const part = parts.get(label) ?? { key: label, label, ns: 0, spans: 0, longest: { node, ns } }
    parts.set(label, part)
    part.ns += ns
    if (ns > part.longest.ns) part.longest = { node, ns }
    if (seen.has(`${label} ${spanId}`)) continue
    seen.add(`${label} ${spanId}`)
    part.spans++
  }
  return [...parts.values()].sort((a, b) => b.ns - a.ns)
}
