import { LEVEL_MS, readSweeps } from "#server/store/index.ts"
import { watchesSeries } from "../engine/active-rules.ts"
import type { Value } from "../machine.ts"
import type { Signal } from "../signals/signal.ts"
import { type Gap, gapsIn } from "./gaps.ts"
import type { Asked, History } from "./history.ts"
import { intervalsOf, sampled, union } from "./intervals.ts"
import { Tally } from "./tally.ts"

const DAY_MS = 86_400_000

type Cluster = NonNullable<Asked["cluster"]>

/** From exact changes, which are few; where no sample was stored, what was last known is unknown. */
export async function fromChanges(
  asked: Asked & { cluster: Cluster; readChanges: NonNullable<Signal["readChanges"]> },
): Promise<History> {
  const { ctx, signal, cluster, rule, from, to } = asked
  const [all, gaps] = await Promise.all([
    asked.readChanges({ store: ctx.store, cluster, from, to }),
    readGaps(asked, cluster),
  ])
  const watched = all.filter(({ series }) => watchesSeries(rule.scope, signal.subject, series))
  const judged = watched.map(({ series, at, values }, key) => {
    const shown = withGaps({ at, values }, gaps)
    const samples = sampled(shown, { from, to }, rule)
    const tally = new Tally()
    for (const sample of samples) tally.take(sample, rule)
    return { key, labels: series.labels, tally, ...shown, intervals: intervalsOf(samples, rule) }
  })
  const begins = Math.min(...watched.flatMap(({ at }) => at.slice(0, 1)))
  const intervals = judged.flatMap((one) => one.intervals)
  return {
    series: judged,
    begins: Number.isFinite(begins) ? Math.max(begins, from) : null,
    parts: [{ from, to, resolutionMs: 0 }],
    gaps,
    firing: union(intervals.filter(({ state }) => state === "firing")),
    pending: union(intervals.filter(({ state }) => state === "pending")),
    show: async (keys) =>
      new Map(judged.filter(({ key }) => keys.includes(key)).map((one) => [one.key, one])),
  }
}

async function readGaps({ ctx, from, to }: Asked, { id, intervalMs }: Cluster): Promise<Gap[]> {
  const level = from > to - ctx.store.keep["1m"] * DAY_MS ? "1m" : "10m"
  const stepMs = LEVEL_MS[level]
  const sweeps = await readSweeps(ctx.store, { clusterId: id, from, to, stepMs, level })
  return gapsIn(sweeps, { stepMs, intervalMs }).filter((gap) => gap.to > from)
}

/** Within a gap a value is unknown, and after it what it was before, unless it changed. */
export function withGaps(
  { at, values }: { at: readonly number[]; values: readonly Value[] },
  gaps: readonly Gap[],
): { at: number[]; values: Value[] } {
  const changes = at.map((moment, i) => ({ at: moment, value: values[i] ?? null }))
  for (const { from, to } of gaps) {
    const held = changes.findLast((one) => one.at <= to)
    if (held === undefined) continue
    const after = changes.filter((one) => one.at > to)
    const before = changes.filter((one) => one.at < from)
    changes.splice(
      0,
      changes.length,
      ...before,
      { at: from, value: null },
      { at: to, value: held.value },
      ...after,
    )
  }
  return { at: changes.map((one) => one.at), values: changes.map((one) => one.value) }
}
