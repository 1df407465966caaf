// biome-ignore-all lint/a11y/useSemanticElements: a table cannot draw only those of its rows that are in view, each in its place
"use client"

import { IconAlertTriangleFilled, IconChevronDown, IconChevronRight, IconLink } from "@tabler/icons-react"
import { plural } from "#app/ui/format.ts"
import { Bar } from "./bar.tsx"
import { durationNs, nameOf, type SpanNode, type Stretch, type TraceModel } from "./model.ts"
import { ShapeOf } from "./shape.tsx"
import { took } from "./took.ts"

/** Deeper spans are not indented further: their names would leave the page. */
const DEEPEST = 16

interface Props {
  node: SpanNode
  model: TraceModel
  seen: Stretch
  isActive: boolean
  isCollapsed: boolean
  isFound: boolean
  toggle: (node: SpanNode) => void
}

/** A span as a line of the waterfall. */
export function SpanCells(props: Props) {
  const { node, model, seen, isFound } = props
  const { span } = node
  const indent = { paddingInlineStart: `${Math.min(node.depth, DEEPEST) * 0.75}rem` }
  return (
    <>
      <div role="gridcell" className="what" style={indent} tabIndex={-1}>
        <Fold {...props} />
        <ShapeOf span={span} />
        <span className="service" data-colour={model.colours.get(span.service)}>
          {span.service}
        </span>
        <span className={isFound ? "span-name found" : "span-name"} title={span.name}>
          {span.name}
        </span>
        {span.isError && (
          <span className="span-failed" title={span.statusMessage || span.failure || undefined}>
            <IconAlertTriangleFilled size={12} aria-hidden="true" /> error
          </span>
        )}
        <Marks node={node} model={model} />
      </div>
      <div role="gridcell" className="track" tabIndex={-1}>
        <Bar node={node} model={model} seen={seen} />
      </div>
      <div role="gridcell" className="num quiet self" tabIndex={-1}>
        {took(model.selfNs.get(node) ?? 0)}
      </div>
      <div role="gridcell" className="num" tabIndex={-1}>
        {took(durationNs(node))}
      </div>
    </>
  )
}

function Fold({ node, isCollapsed, toggle }: Props) {
  const below = node.children.length
  if (below === 0) return <span className="fold" />
  const Icon = isCollapsed ? IconChevronRight : IconChevronDown
  return (
    <button
      type="button"
      className="fold"
      tabIndex={-1}
      aria-label={`${isCollapsed ? "Expand" : "Collapse"} ${plural(below, "span", "spans")}`}
      onClick={(event) => {
        event.stopPropagation()
        toggle(node)
      }}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  )
}

/** What else is to be known of a span at a glance. */
function Marks({ node, model }: { node: SpanNode; model: TraceModel }) {
  const from = model.linkedFrom.get(node.span.spanId)?.length ?? 0
  const links = node.span.links.length + from
  const queue = model.queueOf.get(node)
  return (
    <>
      {node.top === "lost" && (
        <span
          className="tag"
          title="Its parent is not stored: it may not have been sent, or not been sampled."
        >
          parent missing
        </span>
      )}
      {node.top === "circle" && (
        <span className="tag" title="It is an ancestor of its own parent.">
          circular parent
        </span>
      )}
      {queue && (
        <span className="tag" title={queueTitle(queue.messages)}>
          {queue.isBefore ? "before it was sent" : `queued ${took(queue.toNs - queue.fromNs)}`}
        </span>
      )}
      {links > 0 && (
        <span
          className="tag"
          title={`Links to ${plural(node.span.links.length, "span", "spans")}, linked from ${from}`}
        >
          <IconLink size={12} aria-hidden="true" /> {links}
        </span>
      )}
    </>
  )
}

function queueTitle(messages: number): string {
  return messages === 1
    ? "From the end of sending to the start of processing"
    : `Of the message that waited longest, among ${messages} whose sending is known`
}

/** Names the element of a row, for who points at it. */
export function rowId(node: SpanNode): string {
  return `span-${nameOf(node)}`
}
