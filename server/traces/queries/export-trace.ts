import { z } from "zod"
import type { Context } from "#server/context.ts"
import { toJaegerJson } from "../files/to-jaeger.ts"
import { toOtlpJson } from "../files/to-otlp.ts"
import { readTrace } from "./read-trace.ts"
import { noTrace, traceId } from "./trace-id.ts"

export const exportTraceInput = z.object({ traceId, format: z.enum(["otlp", "jaeger"]).default("otlp") })

export interface TraceFile {
  name: string
  text: string
}

/** A trace as a file, with all that is stored of it; what has more than is read says so in its name. */
export async function exportTrace(
  { store }: Pick<Context, "store">,
  input: z.output<typeof exportTraceInput>,
): Promise<TraceFile> {
  const { spans, isCut } = await readTrace(store, Buffer.from(input.traceId, "hex"))
  if (spans.length === 0) throw noTrace()
  const json = input.format === "jaeger" ? toJaegerJson(spans) : toOtlpJson(spans)
  return {
    name: `trace-${input.traceId}${isCut ? "-partial" : ""}.${input.format}.json`,
    text: JSON.stringify(json),
  }
}
