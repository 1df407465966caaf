"use client"

import Link from "next/link"
import { tracePath } from "#app/(console)/paths.ts"
import { placeKey } from "#server/traces/analysis/queues.ts"
import type { LinkedSpan } from "#server/traces/index.ts"
import type { SpanNode, TraceModel } from "./model.ts"
import { took } from "./took.ts"

/** More are counted. */
const MAX_SHOWN = 50

interface Props {
  node: SpanNode
  model: TraceModel
  open: (node: SpanNode) => void
}

/** What a span links to, and what links to it. */
export function SpanLinks({ node, model, open }: Props) {
  const { links, spanId } = node.span
  const into = model.linkedFrom.get(spanId) ?? []
  const here = model.tree.nodes.filter(
    (other) =>
      other !== node && other.span.links.some((link) => isHere(link, model) && link.spanId === spanId),
  )
  return (
    <>
      {links.length > 0 && (
        <section aria-label="Links to">
          <h3>Links to {links.length}</h3>
          <ul>
            {links.slice(0, MAX_SHOWN).map((link) => (
              <li key={placeKey(link)}>
                <LinkTo link={link} model={model} open={open} node={node} />
              </li>
            ))}
          </ul>
          <More of={links.length} />
        </section>
      )}
      {into.length + here.length > 0 && (
        <section aria-label="Linked from">
          <h3>Linked from {into.length + here.length}</h3>
          <ul>
            {here.slice(0, MAX_SHOWN).map((other) => (
              <li key={other.span.spanId}>
                <Within node={other} open={open} />
              </li>
            ))}
            {into.slice(0, MAX_SHOWN).map((one) => (
              <li key={placeKey(one)}>
                <Other span={one} />, {took(one.startNs - node.span.endNs)} after this span ended
              </li>
            ))}
          </ul>
          <More of={into.length + here.length} />
        </section>
      )}
    </>
  )
}

function isHere({ traceId }: { traceId: string }, { trace }: TraceModel): boolean {
  return traceId === trace.traceId
}

function LinkTo({ link, model, open, node }: Props & { link: SpanNode["span"]["links"][number] }) {
  const within = isHere(link, model)
    ? model.tree.nodes.find(({ span }) => span.spanId === link.spanId)
    : undefined
  if (within) return <Within node={within} open={open} />
  const known = model.linkedTo.get(placeKey(link))
  if (known)
    return (
      <>
        <Other span={known} />, ended {took(node.span.startNs - known.endNs)} before this span began
      </>
    )
  return (
    <>
      <Link className="mono" href={tracePath(link.traceId, link.spanId)}>
        {link.traceId.slice(0, 8)}…
      </Link>{" "}
      <span className="quiet">not looked at, or not stored</span>
    </>
  )
}

function Within({ node, open }: { node: SpanNode; open: (node: SpanNode) => void }) {
  return (
    <button type="button" className="link" onClick={() => open(node)}>
      {node.span.service} {node.span.name}
    </button>
  )
}

function Other({ span }: { span: LinkedSpan }) {
  return (
    <>
      <Link href={tracePath(span.traceId, `${span.spanId}-${span.kind}`)}>
        {span.service} {span.name}
      </Link>{" "}
      <span className="quiet mono">{span.traceId.slice(0, 8)}…</span>
    </>
  )
}

function More({ of }: { of: number }) {
  return of > MAX_SHOWN ? <p className="quiet">and {of - MAX_SHOWN} more</p> : null
}
