import { z } from "zod"
import { mayOn } from "#server/access/index.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { brokerTime, keyName, position, text } from "#server/inputs.ts"
import { messageOf } from "../semconv/facts.ts"
import { MS_NS } from "../times.ts"
import { traceKey } from "../trace-key.ts"
import { filterHas } from "./filter.ts"
import { messageKey, OWN_KEYS, valueHash } from "./hash.ts"
import type { Hit } from "./hit.ts"
import { runSearch } from "./search.ts"

const MAX_MESSAGES = 50
/** Spans of one message are looked for in this much time after it: consumers may lag. */
const LAG_MS = 7 * 86_400_000
/** Clocks differ, and a producer's span begins before its message is stored. */
const BEFORE_MS = 600_000
const MAX_SPANS = 500

export const messageTracesInput = z.object({
  cluster: slug,
  messages: z
    .array(
      position.extend({
        destination: keyName,
        /** The message's time, ms; null: unknown. */
        at: brokerTime.nullable(),
        /** Its header, where it has one. */
        traceparent: text(200).nullable().default(null),
      }),
    )
    .min(1)
    .max(MAX_MESSAGES),
})

/** A trace that a message is part of. */
export interface MessageTrace {
  traceId: string
  /** `offset`: a span names the message; `header`: only its traceparent does. */
  by: "offset" | "header"
  /** The spans about the message, the newest first; none where only the header names the trace. */
  spans: Hit[]
  /** Whether anything of the trace is stored. */
  isStored: boolean
}

/**
 * The traces of messages, in the order of the messages: those whose spans name partition and offset, and the one of the header
 * `traceparent`. Throws a DomainError unless whoever asks may read messages of the cluster. Another cluster's topic of the
 * same name may have a message at the same place: spans seldom say which cluster they mean.
 */
export async function messageTraces(
  ctx: Pick<Context, "store" | "actor" | "now">,
  { cluster, messages }: z.output<typeof messageTracesInput>,
): Promise<MessageTrace[][]> {
  if (!mayOn(ctx.actor, "message.read", cluster))
    throw new DomainError("forbidden", `This needs the role viewer on the cluster ${cluster}.`)
  const keyed = messages.map((message) => ({
    message,
    key: messageKey(message.destination, String(message.partition), message.offset),
    headerId: traceIdOf(message.traceparent),
  }))
  const hits = await spansAbout(ctx, { messages, keys: new Set(keyed.map(({ key }) => key)) })
  const stored = await storedTraces(
    ctx,
    keyed.flatMap(({ headerId }) => headerId ?? []),
  )
  return keyed.map(({ key, headerId }) => {
    const byTrace = Map.groupBy(hits.get(key) ?? [], (hit) => hit.traceId)
    const found = [...byTrace].map(
      ([traceId, spans]): MessageTrace => ({ traceId, by: "offset", spans, isStored: true }),
    )
    if (headerId === null || byTrace.has(headerId)) return found
    return [...found, { traceId: headerId, by: "header", spans: [], isStored: stored.has(headerId) }]
  })
}

/** W3C: version, trace id, parent id and flags; flags may be of a later level. */
function traceIdOf(traceparent: string | null): string | null {
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent?.trim() ?? "") ?? []
  return id === undefined || /^0+$/.test(id) ? null : id
}

interface About {
  messages: z.output<typeof messageTracesInput>["messages"]
  keys: ReadonlySet<string>
}

async function spansAbout(
  { store, now }: Pick<Context, "store" | "now">,
  { messages, keys }: About,
): Promise<Map<string, Hit[]>> {
  const times = messages.flatMap(({ at }) => at ?? [])
  const from = times.length < messages.length ? now() - LAG_MS : Math.min(...times) - BEFORE_MS
  const to = Math.min(now(), times.length < messages.length ? now() : Math.max(...times) + LAG_MS)
  const condition = [...keys]
    .map((key) => `(${filterHas("c.filter", valueHash(OWN_KEYS.message, key))})`)
    .join(" or ")
  const { hits } = await runSearch({
    store,
    looking: {
      from: BigInt(Math.max(0, Math.floor(from))) * MS_NS,
      to: BigInt(Math.max(1, Math.floor(to) + 1)) * MS_NS,
      order: "newest",
      condition,
    },
    matches: ({ facts, head }) => keys.has(keyOf(messageOf(facts, head.kind))),
    needles: [],
    keys: new Set(),
    start: null,
    limit: MAX_SPANS,
  })
  return Map.groupBy(hits, (hit) => keyOf(hit.message))
}

function keyOf(message: Hit["message"]): string {
  if (!message || message.partition === null || message.offset === null) return ""
  return messageKey(message.destination, message.partition, message.offset)
}

async function storedTraces(
  { store }: Pick<Context, "store">,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const keys = new Map(ids.map((id) => [String(traceKey(Buffer.from(id, "hex"))), id]))
  const { rows } = await store.pool.query<{ trace: string }>(
    "select distinct trace from traces.trace where trace = any($1)",
    [[...keys.keys()]],
  )
  return new Set(rows.flatMap(({ trace }) => keys.get(trace) ?? []))
}

export const messagePlacesInput = z.object({
  destinations: z.array(keyName).min(1).max(200),
})

/** Where messages that spans name can be read. */
export interface MessagePlace {
  destination: string
  cluster: string
}

/** The clusters whose messages whoever asks may read, and that have a topic of one of these names. */
export async function messagePlaces(
  { store, actor }: Pick<Context, "store" | "actor">,
  { destinations }: z.output<typeof messagePlacesInput>,
): Promise<MessagePlace[]> {
  const { rows } = await store.pool.query<MessagePlace>(
    `select d.name as destination, c.slug as cluster from destination d join cluster c on c.id = d.cluster_id
     where d.name = any($1) and d.deleted_at is null order by d.name, c.slug`,
    [destinations],
  )
  return rows.filter((row) => mayOn(actor, "message.read", row.cluster))
}
