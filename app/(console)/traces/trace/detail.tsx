"use client"

import { IconArrowDown, IconArrowUp } from "@tabler/icons-react"
import Link from "next/link"
import { tracePath } from "#app/(console)/paths.ts"
import { Drawer } from "#app/ui/drawer.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { Query } from "#app/ui/states.tsx"
import type { SpanDetail } from "#server/traces/index.ts"
import { Attributes, Copy } from "./attributes.tsx"
import { MessageOf } from "./message.tsx"
import { durationNs, nameOf, type SpanNode, type TraceModel } from "./model.ts"
import { whatOf } from "./shape.tsx"
import { type TraceSource, useDetail } from "./source.ts"
import { SpanLinks } from "./span-links.tsx"
import { took } from "./took.ts"
import type { TraceState } from "./use-trace-state.ts"

/** All of the span that is open, beside the trace. */
export function SpanDrawer({ source, state }: { source: TraceSource; state: TraceState }) {
  const { opened, model } = state
  if (!opened) return null
  const at = model.placeOf.get(opened) ?? 0
  const move = (by: 1 | -1, label: string, Icon: typeof IconArrowUp) => {
    const to = model.tree.nodes[at + by]
    return (
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        disabled={!to}
        onClick={() => to && state.open(to)}
      >
        <Icon size={16} aria-hidden="true" />
      </button>
    )
  }
  return (
    <Drawer
      name="span"
      title={`${opened.span.service} ${opened.span.name}`}
      onClose={state.close}
      tools={
        <>
          {move(-1, "Previous span", IconArrowUp)}
          {move(1, "Next span", IconArrowDown)}
        </>
      }
    >
      <SpanBody key={nameOf(opened)} source={source} node={opened} model={model} state={state} />
    </Drawer>
  )
}

interface Props {
  source: TraceSource
  node: SpanNode
  model: TraceModel
  state: TraceState
}

function SpanBody({ source, node, model, state }: Props) {
  const { span } = node
  const detail = useDetail(source, span)
  const why = [span.failure, span.statusMessage].filter(Boolean).join(": ")
  return (
    <>
      <p className="quiet slim">
        {whatOf(span)} · <span className="mono">{span.spanId}</span>{" "}
        <Copy text={span.spanId} label="Copy the span id" />
      </p>
      {span.isError && <p className="bad">{why === "" ? "It failed; nothing says why." : why}</p>}
      <Times node={node} model={model} />
      {span.message && <MessageOf message={span.message} queue={model.queueOf.get(node) ?? null} />}
      <SpanLinks node={node} model={model} open={state.open} />
      <Query of={detail}>{(found) => <Sent detail={found} node={node} model={model} />}</Query>
    </>
  )
}

function Times({ node, model }: { node: SpanNode; model: TraceModel }) {
  const { span } = node
  const onPath = model.pathOf.get(node)?.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0) ?? 0
  const correction = model.isCorrected
    ? model.skew.corrections.find(({ host }) => host === span.host)
    : undefined
  return (
    <dl className="facts">
      <Fact term="Began after">{took(span.startNs)}</Fact>
      <Fact term="Duration">{took(durationNs(node))}</Fact>
      <Fact term="Self time">{took(model.selfNs.get(node) ?? 0)}</Fact>
      <Fact term="Critical path">{took(onPath)}</Fact>
      <Fact term="Host">{span.host}</Fact>
      {correction && <Fact term="Clock corrected by">{took(correction.byNs)}</Fact>}
    </dl>
  )
}

/** What was sent with the span. */
function Sent({ detail, node, model }: { detail: SpanDetail; node: SpanNode; model: TraceModel }) {
  const zero = BigInt(model.trace.zeroNs)
  const { scope } = detail
  return (
    <>
      <Attributes title="Attributes" of={detail.attributes} scope="span" />
      {detail.events.map((event, i) => (
        <Attributes
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and their order never changes.
          key={i}
          title={`Event ${event.name}, ${took(Number(BigInt(event.timeNs) - zero))} after the trace began`}
          of={event.attributes}
          scope="event"
        />
      ))}
      <Attributes title="Resource" of={detail.resource} scope="resource" />
      <Attributes
        title={`Instrumentation ${[scope.name, scope.version].filter(Boolean).join(" ") || "without a name"}`}
        of={scope.attributes}
        scope="instrumentation"
      />
      {detail.dropped > 0 && (
        <p className="warn">
          {detail.dropped} attributes, events or links were dropped by its SDK, or exceeded what is stored.
        </p>
      )}
      <p className="quiet slim">
        <Link href={tracePath(model.trace.traceId, nameOf(node))}>Link to this span</Link>
      </p>
    </>
  )
}
