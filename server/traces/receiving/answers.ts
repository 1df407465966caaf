import { Writer } from "../otlp/writer.ts"
import type { Received } from "./receiver.ts"

/** Seconds after which a sender may come again: a database restarts in a few. */
export const RETRY_AFTER_S = 2

/** ExportTraceServiceResponse: 1 = partial success, with 1 = rejected spans, 2 = words. Empty when all were kept. */
export function partialSuccess({ rejected, words }: Received): Buffer {
  if (rejected === 0) return Buffer.alloc(0)
  return new Writer().bytes(1, new Writer().varint(1, rejected).text(2, words).finish()).finish()
}
