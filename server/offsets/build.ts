import type { Broker, Offsets, PositionRules } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { type Place, placeKey } from "#server/place.ts"
import { withFirst } from "./first-messages.ts"
import { type GroupNow, readGroupNow, readLogsNow } from "./group-now.ts"
import { planLine } from "./line.ts"
import { lookUp, namedBy } from "./look-up.ts"
import type { PlanLine, Scope, Strategy } from "./model.ts"
import { destinationsOf, placesOf } from "./scope.ts"

const DEADLINE_MS = 20_000

export interface Wanted {
  cluster: { id: number; slug: string }
  group: string
  strategy: Strategy
  scope: Scope
  /** Whether a group that does not exist may be planned for: applying the plan creates it. */
  create: boolean
}

export interface Built {
  group: GroupNow
  lines: PlanLine[]
  warnings: string[]
}

/** A cluster's broker, where it can write offsets. Rejects with `unsupported`. */
export async function openOffsets(ctx: Context, slug: string): Promise<{ broker: Broker; offsets: Offsets }> {
  const broker = await openBroker(ctx, slug)
  if (!broker.offsets)
    throw new DomainError("unsupported", `Positions of groups cannot be written on ${slug}.`)
  return { broker, offsets: broker.offsets }
}

/** What a plan would do, from what the broker says now. Writes nothing. */
export async function buildPlan(ctx: Context, wanted: Wanted): Promise<Built> {
  const { strategy, scope } = wanted
  const { broker, offsets } = await openOffsets(ctx, wanted.cluster.slug)
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const group = await readGroupNow(broker, wanted.group, signal)
  const rules = offsets.rules(group.type)
  refuse(group, rules, wanted)
  const snapshots = { ctx, clusterId: wanted.cluster.id, group: wanted.group }
  const named = await namedBy({ broker, signal, snapshots }, strategy)
  const own = [...group.commits.values()]
  const reach = { strategy, only: scope, own, named }
  const logs = await readLogsNow(broker, destinationsOf(reach), signal)
  const places = placesOf({ ...reach, partitions: logs.partitions })
  if (places.length === 0)
    throw new DomainError(
      "bad_input",
      `${group.name} has no committed offsets for this selection. Select topics explicitly.`,
    )
  const known = places.map((place) => logs.at(place)).filter((one) => one.trouble === null)
  const found = await lookUp({ offsets, signal, now: ctx.now() }, strategy, { places: known, named })
  const lines = places.map((place) => {
    const key = placeKey(place)
    const facts = logs.at(place)
    const trouble = group.unknown.has(key) ? "Its commit could not be read." : facts.trouble
    const committed = group.commits.get(key)?.offset ?? null
    return planLine(strategy, { ...facts, committed, trouble }, found.get(key))
  })
  const problems = [...group.problems, ...logs.problems].map((one) => one.message)
  const possible = rules.onlyWhole === null ? lines : onlyWhole(lines, own, rules.onlyWhole)
  const warnings = [...rules.effects, ...new Set(problems)]
  return { group, lines: await withFirst(broker, possible, signal), warnings }
}

/** Where positions are only removed for whole destinations, a part of one stays. */
function onlyWhole(lines: readonly PlanLine[], own: readonly Place[], why: string): PlanLine[] {
  const going = new Set(lines.filter((line) => line.to === null).map(placeKey))
  const staying = new Set(own.filter((at) => !going.has(placeKey(at))).map((at) => at.destination))
  return lines.map((line) => {
    if (line.to !== null || line.from === null || !staying.has(line.destination)) return line
    return { ...line, to: line.from, note: null, trouble: why }
  })
}

function refuse(group: GroupNow, rules: PositionRules, { strategy, scope, create }: Wanted): void {
  if (rules.refusal !== null) throw new DomainError("unsupported", rules.refusal)
  if (!group.exists && !create)
    throw new DomainError(
      "not_found",
      `Group ${group.name} does not exist. Check its name, or ask for it to be created (\`create\`).`,
    )
  const named = scope !== null || strategy.kind === "csv" || strategy.kind === "group"
  if (!group.exists && !named)
    throw new DomainError(
      "not_found",
      `Group ${group.name} does not exist. Select topics to create it at the chosen offsets.`,
    )
}
