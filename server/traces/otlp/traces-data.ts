import type { ReceivedResource } from "./received.ts"
import { Writer } from "./writer.ts"

/** The spans as a TracesData message of OTLP, in order: what any tool that knows OTLP can read. */
export function toTracesData(resources: readonly ReceivedResource[]): Buffer {
  const writer = new Writer(1 << 16)
  for (const { head, scopes } of resources) {
    const inner = new Writer(1 << 16).raw(head)
    for (const scope of scopes) {
      const spans = new Writer(1 << 16).raw(scope.head)
      for (const span of scope.spans) spans.bytes(2, span.bytes)
      inner.bytes(2, spans.finish())
    }
    writer.bytes(1, inner.finish())
  }
  return writer.finish()
}
