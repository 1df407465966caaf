import { type ErrorCause, errorCauseOf } from "../calls/error-cause.ts"
import { ERROR } from "../kinds.ts"
import { firstField } from "../otlp/first-field.ts"
import type { ReceivedSpan } from "../otlp/received.ts"
import { ChunkIndex } from "../search/chunk-index.ts"
import { type Facts, systemOf } from "../semconv/facts.ts"
import { type Peer, peerOf } from "../semconv/peer.ts"
import type { Chunk } from "./chunks.ts"

export interface Instance {
  name: string
  version: string
  host: string
}

/** A span, and what is counted of it beside its operation. */
export interface DescribedSpan {
  span: ReceivedSpan
  system: string
  peer: Peer | null
  instance: Instance | null
  error: ErrorCause | null
}

/** A chunk, what it can be searched by, and what its spans say. */
export interface DescribedChunk {
  chunk: Chunk
  index: ChunkIndex
  spans: DescribedSpan[]
}

export function describeChunk(chunk: Chunk): DescribedChunk {
  const index = new ChunkIndex()
  const spans: DescribedSpan[] = []
  for (const { head, scopes } of chunk.resources) {
    const instance = instanceOf(index.addAttributes(firstField(head), 1, "resource"))
    for (const scope of scopes) {
      index.addAttributes(firstField(scope.head), 3, "instrumentation")
      for (const span of scope.spans) {
        const facts = index.addSpan(span)
        const error = span.status === ERROR ? errorCauseOf(span.bytes) : null
        spans.push({ span, system: systemOf(facts), peer: peerOf(facts, span.kind), instance, error })
      }
    }
  }
  return { chunk, index, spans }
}

function instanceOf(facts: Facts): Instance | null {
  const version = facts.get("service.version") ?? ""
  const host = facts.get("host.name") ?? ""
  const name = facts.get("service.instance.id") ?? host
  return name === "" && version === "" ? null : { name, version, host }
}
