import Link from "next/link"
import { tracePath } from "#app/(console)/paths.ts"
import { latency } from "#app/ui/format.ts"
import type { SpanView, TraceView } from "#server/traces/index.ts"
import { KINDS } from "#server/traces/kinds.ts"
import { MessageLinks } from "../message-links.tsx"

/** Deeper spans are not indented further: their names would leave the page. */
const DEEPEST = 12

/** A span as a line with its bar; opened, all that was sent with it. */
export function SpanRow({ span, trace, open }: { span: SpanView; trace: TraceView; open: boolean }) {
  const whole = Math.max(trace.durationMs, 0.001)
  const bar = {
    marginInlineStart: `${(span.offsetMs / whole) * 100}%`,
    inlineSize: `${(span.durationMs / whole) * 100}%`,
  }
  const isBad = span.status === "error"
  return (
    <li>
      <details open={open}>
        <summary>
          <span className="what" style={{ paddingInlineStart: `${Math.min(span.depth, DEEPEST) * 0.75}rem` }}>
            <strong>{span.service}</strong> {span.name}
            {isBad && <span className="bad"> error</span>}
          </span>
          <span className="track">
            <span className={isBad ? "bar failed" : "bar"} style={bar} />
          </span>
          <span className="num quiet">{latency(span.durationMs)}</span>
        </summary>
        <Details span={span} />
      </details>
    </li>
  )
}

function Details({ span }: { span: SpanView }) {
  return (
    <div className="inside">
      <p className="quiet slim">
        {KINDS[span.kind]} span <span className="mono">{span.spanId}</span>, began {latency(span.offsetMs)}{" "}
        after the trace
      </p>
      {span.message && <MessageLinks message={span.message} />}
      {span.statusMessage !== "" && <p className="bad">{span.statusMessage}</p>}
      <Attributes title="Attributes" of={span.attributes} />
      {span.events.map((event, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and their order never changes.
        <Attributes key={i} title={`Event ${event.name}, ${latency(event.offsetMs)}`} of={event.attributes} />
      ))}
      {span.links.map((link) => (
        <p key={`${link.traceId} ${link.spanId}`}>
          Linked to <Link href={tracePath(link.traceId)}>trace {link.traceId}</Link>
        </p>
      ))}
      <Attributes title="Resource" of={span.resource} />
    </div>
  )
}

function Attributes(props: { title: string; of: SpanView["attributes"] }) {
  if (props.of.length === 0) return <h3>{props.title}</h3>
  return (
    <>
      <h3>{props.title}</h3>
      <dl className="pairs">
        {props.of.map(({ key, value }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a key may come twice, and the order never changes.
          <div key={i}>
            <dt>{key}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
