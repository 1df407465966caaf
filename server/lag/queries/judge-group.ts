import type { Broker } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { readCommits, readLogs, readSweeps, type Store } from "#server/store/index.ts"
import { appendedAt } from "../appended-at.ts"
import type { EmptyChanges } from "../emptiness.ts"
import { Evaluator } from "../evaluate.ts"
import type { PartitionLag } from "../model.ts"
import { readOwnWrites } from "../own-writes.ts"
import { readEmpty } from "../stored-empty.ts"
import { storedDestinations, storedEmptyChanges, storedObservations } from "../stored-observation.ts"
import type { Forecast, PartitionRow } from "../views.ts"
import { WINDOW_MS } from "../window.ts"
import { type Asked, askGroup, type Members, membersByPartition } from "./ask-group.ts"
import { findGroup } from "./groups.ts"

/** Records whose timestamp is read for one page view. */
const MAX_RECORDS = 100
const PATIENCE_MS = 3000

/**
 * All partitions of one group, judged by the same mathematics as the collector's, from the stored window; and what the
 * cluster said of the group. The age of the oldest unread record is read from the record itself where the broker can be
 * asked: exact, not interpolated.
 */
export async function judgeGroup(
  ctx: Context,
  input: { cluster: string; group: string; destination?: string | undefined },
): Promise<{ rows: PartitionRow[]; asked: Asked }> {
  const found = await findGroup(ctx, input)
  const now = ctx.now()
  const span = { clusterId: found.cluster.id, from: now - WINDOW_MS, to: now, stepMs: 1000 }
  const destinationIds = found.destinations.map((one) => one.id)
  const [logs, commits, sweeps, asked, writes, empty] = await Promise.all([
    readLogs(ctx.store, { ...span, destinationIds }),
    readCommits(ctx.store, { ...span, groupId: found.group.id, destinationIds }),
    readSweeps(ctx.store, span),
    askGroup(ctx, input),
    readOwnWrites(ctx.store, { clusterId: found.cluster.id, now, group: found.group.name }),
    readEmpty(ctx.store, destinationIds),
  ])
  const { id, name, members } = found.group
  // Read after the sweeps, of which it is to tell.
  const emptyChanges = await readEmptyChanges(ctx.store, id)
  const observationAt = storedObservations({
    logs,
    commits,
    destinations: storedDestinations(found.destinations, empty),
    groups: new Map([[id, { name, members, emptyChanges }]]),
    writes,
  })
  const evaluator = new Evaluator()
  const moments = sweeps.filter((at) => at >= span.from)
  const observe = (at: number) => evaluator.observe(observationAt(at))[0]
  let evaluated = moments.map(observe).at(-1)
  const last = moments.at(-1)
  if (evaluator.needed.length > 0 && last !== undefined) {
    await learn(ctx, { evaluator, found, broker: asked.broker })
    evaluated = observe(last)
  }
  const names = new Map(found.destinations.map((one) => [one.id, one.name]))
  const membersNow = membersByPartition(asked)
  const rows = (evaluated?.byDestination ?? []).flatMap((one) =>
    one.partitions.map((partition) =>
      toRow(partition, { destination: names.get(one.destinationId) ?? "", members: membersNow }),
    ),
  )
  return { rows, asked }
}

interface Learning {
  evaluator: Evaluator
  found: Awaited<ReturnType<typeof findGroup>>
  broker: Broker | null
}

async function learn(ctx: Context, { evaluator, found, broker }: Learning): Promise<void> {
  const destinations = new Map(found.destinations.map((one) => [one.id, one]))
  const from = { store: ctx.store, clusterId: found.cluster.id, broker, destinations }
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const how = { first: "record", maxRecords: MAX_RECORDS, signal } as const
  for (const one of await appendedAt(from, evaluator.needed, how)) evaluator.learn(one, one)
}

async function readEmptyChanges(store: Store, groupId: number): Promise<EmptyChanges> {
  const select = { emptyChanges: true }
  return storedEmptyChanges(await store.prisma.groupState.findUnique({ where: { groupId }, select }))
}

function toRow(lag: PartitionLag, from: { destination: string; members: Members }): PartitionRow {
  return {
    ...lag,
    destination: from.destination,
    caughtUpIn: toForecast(lag.caughtUpIn),
    lostIn: toForecast(lag.lostIn),
    member: from.members.get(`${from.destination}/${lag.partition}`) ?? null,
  }
}

function toForecast(ms: number | null): Forecast {
  if (ms === null) return null
  return Number.isFinite(ms) ? ms : "never"
}
