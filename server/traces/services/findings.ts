import type { DeliveryView, EdgeView } from "./edge-view.ts"

/** Something that stands out in how operations call each other, in a sentence, with a trace that shows it. */
export interface Finding {
  kind: "retries" | "fan-out" | "timeouts" | "overtime" | "duplicates"
  sentence: string
  traceId: string
}

/** Fewer say nothing. */
const ENOUGH = 20
const SHARE_OF_RETRIES = 0.02
const SHARE_OF_TIMEOUTS = 0.01
const SHARE_OF_DUPLICATES = 0.005
/** From so many calls to one operation on, there may be a better way than one by one. */
const MANY_CALLS = 5

/** What stands out, the most frequent first within each kind. */
export function findingsOf(of: {
  edges: readonly EdgeView[]
  deliveries: readonly DeliveryView[]
}): Finding[] {
  const edges = of.edges.filter(({ calls }) => calls >= ENOUGH)
  return [
    ...edges.flatMap((edge) => retries(edge) ?? manyCalls(edge) ?? []),
    ...edges.flatMap((edge) => timeouts(edge) ?? []),
    ...edges.flatMap((edge) => overtime(edge) ?? []),
    ...of.deliveries.flatMap((delivery) => duplicates(delivery) ?? []),
  ]
}

function retries({ caller, callee, ...edge }: EdgeView): Finding | null {
  if (edge.retries / edge.calls < SHARE_OF_RETRIES) return null
  const after = edge.retriedAfter === "" ? "a failure" : edge.retriedAfter
  const sentence = `${callee.service} ${callee.name} is called ${times(edge.callsPerCaller)} per ${caller.name} of ${caller.service}: ${percent(edge.retries / edge.calls)} of the calls are retries after ${after}.`
  return { kind: "retries", sentence, traceId: edge.traceId }
}

function manyCalls({ caller, callee, callsPerCaller, traceId }: EdgeView): Finding | null {
  if (callsPerCaller < MANY_CALLS) return null
  const sentence = `${caller.name} of ${caller.service} calls ${callee.name}${caller.service === callee.service ? "" : ` of ${callee.service}`} ${times(callsPerCaller)}: one call for all of them may be faster.`
  return { kind: "fan-out", sentence, traceId }
}

function timeouts({ caller, callee, ...edge }: EdgeView): Finding | null {
  if (edge.timeouts / edge.calls < SHARE_OF_TIMEOUTS) return null
  const sentence = `${percent(edge.timeouts / edge.calls)} of the calls of ${caller.service} to ${callee.service} ${callee.name} end by a deadline.`
  return { kind: "timeouts", sentence, traceId: edge.traceId }
}

function overtime({ caller, callee, ...edge }: EdgeView): Finding | null {
  if (edge.overtime / edge.calls < SHARE_OF_TIMEOUTS) return null
  const sentence = `${callee.service} continues ${callee.name} after ${caller.service} has stopped waiting, in ${percent(edge.overtime / edge.calls)} of the calls.`
  return { kind: "overtime", sentence, traceId: edge.traceId }
}

function duplicates({ consumer, messages, repeated, traceId }: DeliveryView): Finding | null {
  if (messages < ENOUGH || repeated / messages < SHARE_OF_DUPLICATES) return null
  const sentence = `${consumer.service} processes the same message more than once in ${percent(repeated / messages)} of cases (${consumer.name}).`
  return { kind: "duplicates", sentence, traceId }
}

function times(count: number): string {
  return `${count.toFixed(1)} times`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`
}
