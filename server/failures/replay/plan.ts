import type { z } from "zod"
import type { Broker } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { isDomainError } from "#server/errors.ts"
import { IN_DETAIL, lensUnder, type ShownPart, showMessages } from "#server/messages/index.ts"
import { Prisma } from "#server/store/prisma/client.ts"
import { chosen, letterChoice } from "../choice.ts"
import { failureInput, findFailureGroup } from "../find-failure-group.ts"
import { hidingIn } from "../hidden-parts.ts"
import { listLetters } from "../queries/letters.ts"
import { readRaw } from "../queries/read-letter.ts"
import type { LetterRow } from "../views.ts"
import { type ReplayOrder, replayOrder } from "./model.ts"
import { toOutgoing } from "./outgoing.ts"
import { refuseHiddenChanges } from "./refuse-hidden-changes.ts"
import { targetWarnings } from "./targets.ts"

export const planReplayInput = failureInput.extend({
  choice: letterChoice.prefault({}),
  order: replayOrder.prefault({}),
})

export interface ReplayPlan {
  total: number
  /** How many of them cannot be sent: their destination is unknown or does not exist. `warnings` say which. */
  notSent: number
  /** The latest that was counted: what arrives later is not part of it. Give it to `startReplay`. */
  upTo: string
  /** How many of them were replayed before. */
  replayedBefore: number
  targets: { destination: string | null; messages: number }[]
  oldest: number | null
  newest: number | null
  /** ms at the rate that was chosen; null: as fast as it goes. */
  takesMs: number | null
  samples: ReplaySample[]
  /** What one should know before, in sentences. */
  warnings: string[]
}

export interface ReplaySample {
  letter: LetterRow
  /** Null: it could not be read, or cannot be sent; `problem` says why. */
  before: ShownPart | null
  after: ShownPart | null
  changed: boolean
  destination: string | null
  problem: string | null
}

const SAMPLES = 3
const TARGETS_DEADLINE_MS = 20_000

/** What a replay would do, in numbers, and on some of the messages. Changes nothing. */
export async function planReplay(ctx: Context, input: z.output<typeof planReplayInput>): Promise<ReplayPlan> {
  const { id } = await findFailureGroup(ctx, input)
  const letters = chosen(id, input.choice)
  await refuseHiddenChanges(ctx, { cluster: input.cluster, letters, changes: input.order.mend.changes })
  const [counted, targets] = await Promise.all([
    ctx.store.pool.query<Counted>(
      Prisma.sql`select count(*)::int as total, coalesce(max(m.id), 0)::text as up_to,
        count(m.replayed_by)::int as replayed, min(m.at) as oldest, max(m.at) as newest ${letters}`,
    ),
    ctx.store.pool.query<{ destination: string | null; messages: number }>(
      Prisma.sql`select m.original_destination as destination, count(*)::int as messages ${letters}
        group by 1 order by 2 desc`,
    ),
  ])
  const [count] = counted.rows
  const total = count?.total ?? 0
  const { rate, target } = input.order
  const broker = await openBroker(ctx, input.cluster)
  const [samples, unfit] = await Promise.all([
    total === 0 ? [] : sample(ctx, broker, input),
    targetWarnings(
      { store: ctx.store, broker, target, group: id },
      letters,
      AbortSignal.timeout(TARGETS_DEADLINE_MS),
    ),
  ])
  return {
    total,
    notSent: unfit.notSent,
    upTo: count?.up_to ?? "0",
    replayedBefore: count?.replayed ?? 0,
    targets: target === null ? targets.rows : [{ destination: target, messages: total }],
    oldest: count?.oldest?.getTime() ?? null,
    newest: count?.newest?.getTime() ?? null,
    takesMs: rate === null ? null : Math.ceil((total / rate) * 1000),
    samples,
    warnings: [...warningsOf(input.order, { count, samples }), ...unfit.warnings],
  }
}

interface Counted {
  total: number
  up_to: string
  replayed: number
  oldest: Date | null
  newest: Date | null
}

async function sample(
  ctx: Context,
  broker: Broker,
  input: z.output<typeof planReplayInput>,
): Promise<ReplaySample[]> {
  const { rows } = await listLetters(ctx, { ...input, page: 1, pageSize: SAMPLES })
  return Promise.all(rows.map((row) => sampleOf(ctx, { broker, row, ...input })))
}

async function sampleOf(
  ctx: Context,
  of: { broker: Broker; row: LetterRow; cluster: string; order: ReplayOrder },
): Promise<ReplaySample> {
  const none = { letter: of.row, before: null, after: null, changed: false, destination: null, problem: null }
  try {
    const raw = await readRaw(ctx, of)
    if (!raw.dead) return { ...none, problem: raw.missing[0] ?? null }
    const places = [of.row.destination, ...(of.row.original ? [of.row.original.destination] : [])]
    const { mask, holds } = await hidingIn(ctx, of.cluster, places)
    const sent = toOutgoing(raw.at, raw.dead, { ...raw, job: "preview", order: of.order })
    const messages = [raw.dead, { ...raw.dead, value: sent.value }]
    const shown = await showMessages(
      messages.map((message) => ({ partition: of.row.partition, message })),
      lensUnder(mask, of.broker),
      IN_DETAIL,
    )
    const [before, after] = shown.map(({ value }) => value)
    if (!before || !after) return none
    // Compared as it is shown: else guesses at what is masked would be answered.
    const changed = holds
      ? before.text !== after.text || before.kind !== after.kind
      : !(raw.dead.value?.equals(sent.value ?? Buffer.alloc(0)) ?? sent.value === null)
    return { letter: of.row, before, after, changed, destination: sent.destination, problem: null }
  } catch (error) {
    if (!isDomainError(error)) throw error
    return { ...none, problem: error.message }
  }
}

function warningsOf(
  order: ReplayOrder,
  of: {
    count: Counted | undefined
    samples: ReplaySample[]
  },
): string[] {
  const { count, samples } = of
  const warnings: string[] = []
  if ((count?.total ?? 0) === 0) warnings.push("Nothing is chosen: no dead letter fits.")
  if ((count?.replayed ?? 0) > 0)
    warnings.push(`${count?.replayed} of them were replayed before: they are sent once more.`)
  const readable = samples.filter((one) => one.before !== null)
  if (order.mend.changes.length > 0 && readable.some((one) => !one.changed))
    warnings.push("The change does not apply to some of them: these are sent as they are.")
  if (order.mend.changes.some((one) => one.op === "set") && (count?.total ?? 0) > 1)
    warnings.push("One change sets the same value in every message.")
  return warnings
}
