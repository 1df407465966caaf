import { setTimeout as sleep } from "node:timers/promises"
import { z } from "zod"
import type { Message } from "#server/brokers/broker.ts"
import { ownMessage } from "#server/brokers/own-message.ts"
import type { Context } from "#server/context.ts"
import { messageOf } from "#server/errors.ts"
import { partitionIndex } from "#server/inputs.ts"
import { readBounds } from "./bounds.ts"
import { formatsInput, openLens, place } from "./lens.ts"
import { maskFor } from "./masking/mask-for.ts"
import { IN_LIST, type ShownMessage, showMessages } from "./shown.ts"

/** How often what came is sent on (ms), and how many messages at most: nobody reads more than that. */
const EVERY_MS = 100
const AT_MOST = 100
const HEARTBEAT_MS = 1000

export const tailInput = z.object({
  ...place,
  partitions: z.array(partitionIndex).max(1000).default([]),
  formats: formatsInput.default({}),
})

export interface Tail {
  /** In the order in which they came. */
  rows: ShownMessage[]
  /** Messages that came since the one before, shown or not. */
  came: number
  problems: string[]
}

interface Came {
  messages: { partition: number; message: Message }[]
  count: number
  problems: Map<number, string>
}

/** Messages as they arrive, from now on. When more come than can be read, the newest are shown and all are counted. */
export async function* tail(
  ctx: Context,
  input: z.output<typeof tailInput>,
  signal: AbortSignal,
): AsyncGenerator<Tail> {
  const { broker, messages, lens } = await openLens(ctx, input, input.formats)
  const { bounds, problems } = await readBounds(broker, input, signal)
  const came: Came = { messages: [], count: 0, problems: new Map() }
  // Rules and what one has unmasked may have changed since the last turn.
  const shownNow = async (taken: Came["messages"]) => {
    const { mask } = await maskFor(ctx, input.cluster, input.destination)
    return showMessages(taken, { ...lens, mask }, IN_LIST)
  }
  const stop = new AbortController()
  const ends = AbortSignal.any([signal, stop.signal])
  for (const { partition, end } of bounds) {
    const range = {
      destination: input.destination,
      partition,
      from: end,
      to: null,
      unreadable: "named" as const,
    }
    follow(messages.scan(range, ends), partition, came).catch((error: unknown) => {
      came.problems.set(partition, `Partition ${partition}: ${messageOf(error)}`)
    })
  }
  try {
    let quiet = HEARTBEAT_MS
    while (!signal.aborted) {
      if (came.count > 0 || quiet >= HEARTBEAT_MS) {
        const taken = came.messages
        const count = came.count
        came.messages = []
        came.count = 0
        quiet = 0
        const rows = taken.length === 0 ? [] : await shownNow(taken)
        yield {
          rows,
          came: count,
          problems: [...problems.map((one) => one.message), ...came.problems.values()],
        }
      }
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)
      quiet += EVERY_MS
    }
  } finally {
    stop.abort()
  }
}

async function follow(
  batches: ReturnType<Awaited<ReturnType<typeof openLens>>["messages"]["scan"]>,
  partition: number,
  came: Came,
): Promise<void> {
  for await (const batch of batches) {
    if (batch.problem !== null) came.problems.set(partition, `Partition ${partition}: ${batch.problem}`)
    came.count += batch.messages.length
    for (const message of batch.messages.slice(-AT_MOST))
      came.messages.push({ partition, message: ownMessage(message) })
    if (came.messages.length > AT_MOST) came.messages = came.messages.slice(-AT_MOST)
  }
}
