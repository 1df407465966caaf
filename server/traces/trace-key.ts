/** What `traces.trace` finds a trace by: the second half of its id, which W3C's level 2 wants random. */
export function traceKey(traceId: Buffer): bigint {
  return traceId.readBigInt64BE(8)
}
