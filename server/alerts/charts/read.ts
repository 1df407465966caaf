import {
  LEVEL_MS,
  readDocument,
  readSignalBuckets,
  type SignalLevel,
  type Store,
} from "#server/store/index.ts"
import { formatValue } from "../format.ts"
import { type Rule, rule as ruleSchema } from "../rule.ts"
import type { Signal, Unit } from "../signals/signal.ts"
import { type Drawn, drawnOf } from "./drawn.ts"

const HOUR_MS = 3_600_000
/** An alert of less than this is shown minute by minute, an older one over a day. */
const YOUNG_MS = 1.5 * HOUR_MS
const SHORT_MS = 2 * HOUR_MS
const DAY_MS = 24 * HOUR_MS
/** How long after its end an alert's chart goes on. */
const AFTER_MS = 0.25 * HOUR_MS

/** What a signal said of one series before and while an alert fired. Times in ms. */
export interface Chart {
  /** What is drawn: "Lag". */
  label: string
  unit: Unit
  from: number
  to: number
  points: readonly { at: number; value: number | null }[]
  /** Where the rule fires, and where it clears. */
  thresholds: readonly number[]
  firedAt: number
  /** null: it fires still. */
  resolvedAt: number | null
  /** In words, for whoever does not see it: "Lag over 2 hours: 12,034; it fires above 1,000." */
  description: string
}

interface Row {
  series: string
  cluster_id: number | null
  fired_at: Date | null
  started_at: Date
  resolved_at: Date | null
  definition: unknown
}

/** An alert by its id, or the last one of a rule on a series. */
type Which = { id: string } | { fingerprint: string }

/** The chart of an alert until `now`, or its end; null: its signal has no numbers, or none are kept of it. */
export async function readChart(store: Store, which: Which, now: number): Promise<Chart | null> {
  const { rows } = await store.pool.query<Row>(
    `select a.series, a.cluster_id, a.fired_at, a.started_at, a.resolved_at, r.definition
     from alert a join alert_rule r on r.id = a.rule_id where ${"id" in which ? "a.id" : "a.fingerprint"} = $1
     order by a.id desc limit 1`,
    ["id" in which ? which.id : which.fingerprint],
  )
  const [row] = rows
  if (!row) return null
  const rule = readDocument(ruleSchema, row.definition, "The rule of an alert")
  const drawn = drawnOf(rule)
  if (!drawn) return null
  const firedAt = (row.fired_at ?? row.started_at).getTime()
  const resolvedAt = row.resolved_at?.getTime() ?? null
  const to = Math.min(now, (resolvedAt ?? now) + AFTER_MS)
  const isYoung = to - firedAt < YOUNG_MS && firedAt > now - (store.keep["1m"] - 1) * DAY_MS
  const from = to - (isYoung ? SHORT_MS : DAY_MS)
  const level = isYoung ? "1m" : "10m"
  const points = await readPoints(store, { row, signal: drawn.signal, from, to, level })
  const known = points.filter((one) => one.value !== null)
  const last = known.at(-1)
  if (!last || known.length < 2) return null
  const { signal, threshold, clear } = drawn
  return {
    ...{ label: signal.label, unit: signal.unit, from, to, points, firedAt, resolvedAt },
    thresholds: [threshold, clear].filter((one) => one !== null),
    description: describe(drawn, rule, { value: last.value, isYoung }),
  }
}

async function readPoints(
  store: Store,
  asked: { row: Row; signal: Signal; from: number; to: number; level: SignalLevel },
): Promise<Chart["points"]> {
  const { row, signal, from, to, level } = asked
  const clusterId = signal.of === "cluster" ? (row.cluster_id ?? 0) : 0
  const series = await store.prisma.signalSeries.findUnique({
    where: { clusterId_subject_key: { clusterId, subject: signal.subject, key: row.series } },
    select: { id: true },
  })
  if (!series) return []
  const buckets = await readSignalBuckets(store.pool, { clusterId, signal: signal.id, level, from, to })
  return buckets.map((bucket) => {
    const value = bucket.last[bucket.ids.indexOf(series.id)]
    return {
      at: bucket.at + LEVEL_MS[level],
      value: value === undefined || !Number.isFinite(value) ? null : value,
    }
  })
}

const WORDS = { ">": "above", ">=": "from", "<": "below", "<=": "up to", in: "at" } as const

function describe(
  { signal: { label, unit }, threshold }: Drawn,
  { condition }: Rule,
  { value, isYoung }: { value: number | null; isYoung: boolean },
): string {
  const over = isYoung ? "2 hours" : "24 hours"
  const said = `${label} over ${over}: ${formatValue(value, unit)}`
  return threshold === null
    ? `${said}.`
    : `${said}; it fires ${WORDS[condition.op]} ${formatValue(threshold, unit)}.`
}
