import type { ReceivedResource, ReceivedScope, ReceivedSpan } from "../otlp/received.ts"
import { partitionOf, slotOf } from "./partitions.ts"

/** Spans of a chunk at most: as many as exporters send at once by default, and a little more. */
const MOST_SPANS = 1024

/** Spans that are stored together: of one service, and of one slot of time. */
export interface Chunk {
  service: string
  partition: number
  resources: ReceivedResource[]
  /** All of them, in order. */
  spans: ReceivedSpan[]
}

/** Deals the spans of a request into chunks. */
export function toChunks(resources: readonly ReceivedResource[]): Chunk[] {
  const open = new Map<string, Chunk>()
  const done: Chunk[] = []
  for (const resource of resources)
    for (const scope of resource.scopes)
      for (const span of scope.spans) {
        const key = `${slotOf(span.startMs)} ${resource.service}`
        let chunk = open.get(key)
        if (!chunk || chunk.spans.length === MOST_SPANS) {
          if (chunk) done.push(chunk)
          chunk = {
            service: resource.service,
            partition: partitionOf(span.startMs),
            resources: [],
            spans: [],
          }
          open.set(key, chunk)
        }
        scopeIn(chunk, resource, scope).spans.push(span)
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
