import { DomainError } from "#server/errors.ts"
import type { ReceivedResource, ReceivedScope, ReceivedSpan } from "../otlp/received.ts"
import { partitionOf, slotOf } from "./partitions.ts"

/** Spans of a chunk at most: as many as exporters send at once by default, and a little more. */
const MAX_SPANS = 1024

/** Spans that are stored together: of one service, and of one slot of time. */
export interface Chunk {
  service: string
  partition: number
  resources: ReceivedResource[]
  /** All of them, in order. */
  spans: ReceivedSpan[]
}

/** Bytes of resources and scopes in all chunks together: each chunk has a copy of those of its spans. */
const MAX_HEADS = 64 << 20

/** Deals the spans of a request into chunks. Throws a DomainError where large resources would be in too many of them. */
export function toChunks(resources: readonly ReceivedResource[]): Chunk[] {
  let heads = 0
  const open = new Map<string, Chunk>()
  const done: Chunk[] = []
  for (const resource of resources)
    for (const scope of resource.scopes)
      for (const span of scope.spans) {
        const key = `${slotOf(span.startMs)} ${resource.service}`
        let chunk = open.get(key)
        if (!chunk || chunk.spans.length === MAX_SPANS) {
          if (chunk) done.push(chunk)
          chunk = {
            service: resource.service,
            partition: partitionOf(span.startMs),
            resources: [],
            spans: [],
          }
          open.set(key, chunk)
        }
        const own = scopeIn(chunk, resource, scope)
        if (own.spans.length === 0) heads += resource.head.length + scope.head.length
        if (heads > MAX_HEADS)
          throw new DomainError("bad_input", "Its resources are too large for spans of so many times.")
        own.spans.push(span)
        chunk.spans.push(span)
      }
  return [...done, ...open.values()]
}

/** The place within the chunk for spans of that resource and scope: they come one after the other. */
function scopeIn(chunk: Chunk, resource: ReceivedResource, scope: ReceivedScope): ReceivedScope {
  let own = chunk.resources.at(-1)
  if (own?.head !== resource.head) {
    own = { ...resource, scopes: [] }
    chunk.resources.push(own)
  }
  let last = own.scopes.at(-1)
  if (last?.head !== scope.head) {
    last = { head: scope.head, spans: [] }
    own.scopes.push(last)
  }
  return last
}
