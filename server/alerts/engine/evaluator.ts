import type { Logger } from "#server/log.ts"
import { formatValue } from "../format.ts"
import { fingerprintOf, labelsOf } from "../labels.ts"
import { type AlertState, evaluate, INACTIVE, type Transition } from "../machine.ts"
import type { Labels } from "../matcher.ts"
import { SIGNALS } from "../signals/index.ts"
import type { BaseRound, Database, Reading, RoundCluster, Series, Signal } from "../signals/signal.ts"
import { type ActiveRule, loadRules, rulesRevision, watchesCluster, watchesSeries } from "./active-rules.ts"
import {
  type Change,
  endHeld,
  type Held,
  loadHeld,
  type Refresh,
  type StoredHeld,
  writeChanges,
  writeRefreshes,
} from "./alert-rows.ts"
import { Recorder } from "./recorder.ts"
import { SeriesCache } from "./series-cache.ts"

/** How often the value of an alert that goes on is written. */
const REFRESH_MS = 30_000

/** One rule at work: what it remembers of each series that is not simply well. */
interface Watch {
  rule: ActiveRule
  held: Map<string, Held>
  /** Whether the rule watches a series; asked once each. */
  scope: WeakMap<Series, boolean>
}

/** What a round changed, to be kept once it is committed. */
interface Outcome {
  changes: Change[]
  refreshes: Refresh[]
  kept: { watch: Watch; key: string; held: Held | null }[]
}

/**
 * Evaluates the alert rules on every sample of one cluster, or of Signalbox itself (cluster null). It remembers what is
 * pending and firing between samples; all of it is also in the database, so that another collector can go on from there.
 */
export class AlertEvaluator {
  readonly #cluster: RoundCluster | null
  readonly #log: Logger
  readonly #recorder: Recorder
  readonly #series = new SeriesCache()
  readonly #memories = new Map<string, unknown>()
  #revision: string | null = null
  #watches: Watch[] = []
  #refreshedAt = 0
  #open = false

  constructor(cluster: RoundCluster | null, log: Logger) {
    this.#cluster = cluster
    this.#log = log
    this.#recorder = new Recorder(cluster?.id ?? 0)
  }

  /**
   * One round, within the caller's transaction: what it writes is committed with the sample, or not at all. `missed`: there
   * was no sample, so every value is unknown. Returns what is to be called once it is committed; a round after which it
   * was not called never happened.
   */
  async round(db: Database, at: number, missed = false): Promise<() => void> {
    if (this.#open) this.#rolledBack()
    this.#open = true
    await this.#loadRules(db, at)
    const all = !missed && this.#recorder.turns(at)
    const readings = missed ? new Map<Signal, Reading[] | null>() : await this.#read(db, { at, all })
    const turned = missed ? () => undefined : await this.#recorder.turn(db, at)
    const refresh = at - this.#refreshedAt >= REFRESH_MS
    const outcome: Outcome = { changes: [], refreshes: [], kept: [] }
    for (const watch of this.#watches)
      this.#judge(watch, { readings: readings.get(watch.rule.signal) ?? null, at, refresh, outcome })
    await writeChanges(db, outcome.changes, at)
    await writeRefreshes(db, outcome.refreshes)
    return () => {
      this.#open = false
      turned()
      for (const [signal, said] of readings) if (said) this.#recorder.add(signal, said)
      for (const { watch, key, held } of outcome.kept) {
        if (held === null) watch.held.delete(key)
        else watch.held.set(key, held)
      }
      if (refresh) this.#refreshedAt = at
      // A signal that could not be read says nothing of what is still there.
      if (all && [...readings.values()].every((said) => said !== null)) this.#series.forgetUnseen()
    }
  }

  /** How much it remembers: no more than there is to watch. */
  get remembered(): { series: number; named: number; alerts: number } {
    const alerts = this.#watches.reduce((sum, { held }) => sum + held.size, 0)
    return { series: this.#series.size, named: this.#recorder.size, alerts }
  }

  /** What was read or promised within a transaction that was rolled back is forgotten. */
  #rolledBack(): void {
    this.#revision = null
    this.#recorder.rolledBack()
  }

  async #loadRules(db: Database, at: number): Promise<void> {
    const revision = await rulesRevision(db)
    if (revision === this.#revision) return
    const report = (error: unknown) => this.#log.error({ err: error }, "an alert rule cannot be read")
    const all = await loadRules(db, report)
    const mine = all.filter((one) => this.#isMine(one))
    const ofOwn = new Map(mine.map((one) => [one.id, one]))
    const [strays, stored] = partition(await loadHeld(db, this.#cluster?.id ?? 0, report), (one) => {
      const active = ofOwn.get(one.ruleId)
      return active !== undefined && one.fingerprint !== this.#fingerprint(active, one.series)
    })
    const held = Map.groupBy(stored, (one) => one.ruleId)
    await endHeld(db, [...strays, ...this.#unwatched(held, { all, mine })], at)
    this.#watches = mine.map((rule) => ({
      rule,
      held: new Map((held.get(rule.id) ?? []).map((one) => [one.series, one])),
      scope: new WeakMap(),
    }))
    this.#revision = revision
  }

  /** Keys of series are unique within a subject: another fingerprint means a signal of another one since. */
  #fingerprint({ id, signal }: ActiveRule, key: string): string {
    return fingerprintOf({ ruleId: id, cluster: this.#cluster?.slug ?? null, subject: signal.subject, key })
  }

  /** What is held by rules that are gone or switched off, or that no longer watch the cluster. */
  #unwatched(
    held: ReadonlyMap<string, StoredHeld[]>,
    rules: { all: readonly ActiveRule[]; mine: readonly ActiveRule[] },
  ): StoredHeld[] {
    const watched = new Set(rules.mine.map((one) => one.id))
    // Rules of the other kind look after their own alerts; only those of no rule at all are everybody's.
    const others = rules.all.filter((one) => one.signal.of !== (this.#cluster ? "cluster" : "signalbox"))
    for (const one of others) watched.add(one.id)
    const left = [...held].flatMap(([ruleId, list]) => (watched.has(ruleId) ? [] : list))
    return left.filter((one) => one.clusterId === (this.#cluster?.id ?? null))
  }

  #isMine({ rule, signal }: ActiveRule): boolean {
    if (this.#cluster === null) return signal.of === "signalbox"
    return signal.of === "cluster" && watchesCluster(rule.scope, this.#cluster)
  }

  /** What the signals say: of those that a rule watches, or of all. One that fails is unknown, and the others go on. */
  async #read(
    db: Database,
    { at, all }: { at: number; all: boolean },
  ): Promise<Map<Signal, Reading[] | null>> {
    const kind = this.#cluster === null ? "signalbox" : "cluster"
    const wanted = all
      ? SIGNALS.filter((signal) => signal.of === kind)
      : [...new Set(this.#watches.map(({ rule }) => rule.signal))]
    const base = this.#baseRound(db, at)
    const readings = new Map<Signal, Reading[] | null>()
    for (const signal of wanted) readings.set(signal, await this.#readOne(signal, base))
    return readings
  }

  async #readOne(signal: Signal, base: BaseRound): Promise<Reading[] | null> {
    await base.db.query("savepoint signal", [])
    try {
      const readings =
        signal.of === "signalbox"
          ? await signal.read(base)
          : this.#cluster && (await signal.read({ ...base, cluster: this.#cluster }))
      await base.db.query("release savepoint signal", [])
      return readings
    } catch (error) {
      this.#log.error({ err: error, signal: signal.id }, "a signal cannot be read")
      await base.db.query("rollback to savepoint signal", [])
      return null
    }
  }

  #baseRound(db: Database, at: number): BaseRound {
    const loaded = new Map<string, Promise<unknown>>()
    return {
      at,
      db,
      once: <Loaded>(what: string, load: () => Promise<Loaded>) => {
        const found = loaded.get(what) ?? load()
        loaded.set(what, found)
        return found as Promise<Loaded>
      },
      series: (subject, key, names) =>
        this.#series.get(typeof key === "string" ? { subject, key } : { subject, ...key }, names),
      memory: <Kept>(signal: string, start: () => Kept) => {
        const kept = this.#memories.has(signal) ? this.#memories.get(signal) : start()
        this.#memories.set(signal, kept)
        return kept as Kept
      },
    }
  }

  #judge(
    watch: Watch,
    round: { readings: Reading[] | null; at: number; refresh: boolean; outcome: Outcome },
  ): void {
    const { readings, at, refresh, outcome } = round
    const { rule } = watch.rule
    const unseen = new Set(watch.held.keys())
    for (const reading of readings ?? []) {
      if (!isWatched(watch, reading.series)) continue
      const { key } = reading.series
      unseen.delete(key)
      const held = watch.held.get(key)
      const before = held?.state ?? INACTIVE
      const { state, transition } = evaluate(before, { at, value: reading.value }, rule)
      if (transition !== null) this.#change(watch, { held, state, transition, reading, at, outcome })
      else if (state !== before)
        outcome.kept.push({ watch, key, held: heldAs(held, state, reading.series.labels) })
      if (transition === null && refresh && held?.alertId && state.phase !== "inactive")
        outcome.refreshes.push({ alertId: held.alertId, state, ...this.#told(watch, reading) })
    }
    for (const key of unseen) this.#goOn(watch, { key, at, outcome, isGone: readings !== null })
  }

  /** What was held and is not among the readings: it is gone, or nothing is known. */
  #goOn(watch: Watch, of: { key: string; at: number; outcome: Outcome; isGone: boolean }): void {
    const held = watch.held.get(of.key)
    if (!held) return
    const { state, transition } = of.isGone
      ? ended(held.state)
      : evaluate(held.state, { at: of.at, value: null }, watch.rule.rule)
    const series = { key: of.key, labels: held.labels }
    if (transition !== null)
      this.#change(watch, {
        held,
        state,
        transition,
        reading: { series, value: null },
        at: of.at,
        outcome: of.outcome,
      })
    else if (state !== held.state)
      of.outcome.kept.push({ watch, key: of.key, held: heldAs(held, state, held.labels) })
  }

  #change(
    watch: Watch,
    of: {
      held: Held | undefined
      state: AlertState
      transition: Transition
      reading: Reading
      at: number
      outcome: Outcome
    },
  ): void {
    const { rule, id } = watch.rule
    const { series } = of.reading
    const held: Held = { alertId: of.held?.alertId ?? null, state: of.state, labels: series.labels }
    of.outcome.changes.push({
      held,
      transition: of.transition,
      ruleId: id,
      clusterId: series.clusterId ?? this.#cluster?.id ?? null,
      series: series.key,
      fingerprint: this.#fingerprint(watch.rule, series.key),
      severity: rule.severity,
      labels: labelsOf(rule, this.#cluster, series),
      ...this.#told(watch, of.reading),
    })
    // The alert gets its id in `held` when it is written, so what goes on is kept by this very object.
    const kept = of.state.phase === "inactive" ? heldAs(undefined, of.state, series.labels) : held
    of.outcome.kept.push({ watch, key: series.key, held: kept })
  }

  /** A value as it is stored and in words. */
  #told({ rule }: Watch, { series, value, facts }: Reading): { value: number | null; sentence: string } {
    const { condition } = rule.rule
    const { unit } = rule.signal
    const threshold = condition.op === "in" ? condition.values.join(", ") : condition.threshold
    const sentence = rule.message({
      ...labelsOf(rule.rule, this.#cluster, series),
      ...facts,
      value: formatValue(value, unit),
      number: value,
      threshold: formatValue(threshold, unit),
      signal: rule.signal.label,
    })
    return { value: typeof value === "number" ? value : null, sentence }
  }
}

function isWatched({ rule, scope }: Watch, series: Series): boolean {
  const known = scope.get(series)
  if (known !== undefined) return known
  const is = watchesSeries(rule.rule.scope, rule.signal.subject, series)
  scope.set(series, is)
  return is
}

function heldAs(held: Held | undefined, state: AlertState, labels: Labels): Held | null {
  if (state.phase === "inactive" && state.changes.length === 0) return null
  return { alertId: state.phase === "inactive" ? null : (held?.alertId ?? null), state, labels }
}

function ended({ phase }: AlertState): { state: AlertState; transition: Transition | null } {
  if (phase === "inactive") return { state: INACTIVE, transition: null }
  return { state: INACTIVE, transition: phase === "firing" ? "resolved" : "cancelled" }
}

function partition<One>(all: readonly One[], isFirst: (one: One) => boolean): [One[], One[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))]
}
